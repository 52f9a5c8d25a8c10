/**
 * The project's own contestant of the benchmark, eager and compiled: the
 * write-up's convolutional autoencoder, or another network.
 *
 * @module
 */
import { compile, tf } from "@/tensorflow/mod.ts";
import { codecStep } from "./codec_step.ts";
import { dateConversionStep } from "./date_conversion.ts";
import type { Timing } from "./step_table.ts";

/** Channels after each halving: the code is 43x43 at 172 and at 344. */
function widths(size: number): number[] {
  return size === 172 ? [32, 64] : [32, 64, 64];
}

function makeEncoder(size: number): tf.Sequential {
  const inputShape = [size, size, 3];
  return tf.sequential({
    layers: [
      ...widths(size).map((filters, i) =>
        tf.layers.conv2d({
          ...(i === 0 ? { inputShape } : {}),
          filters,
          kernelSize: 3,
          strides: 2,
          padding: "same",
          activation: "relu",
        })
      ),
      tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: "same" }),
    ],
  });
}

function makeDecoder(size: number): tf.Sequential {
  return tf.sequential({
    layers: [
      ...widths(size).reverse().map((filters, i) =>
        tf.layers.conv2dTranspose({
          ...(i === 0 ? { inputShape: [43, 43, 16] } : {}),
          filters,
          kernelSize: 3,
          strides: 2,
          padding: "same",
          activation: "relu",
        })
      ),
      tf.layers.conv2d({
        filters: 3,
        kernelSize: 3,
        padding: "same",
        activation: "sigmoid",
      }),
    ],
  });
}

/**
 * Makes a step.
 *
 * @param timing What it does; the `variant` is `eager` or `compiled`.
 * @returns A function that runs the step and reads its result back, as the
 * peers do.
 */
export function ownStep(timing: Timing): () => void | Promise<void> {
  const { variant, kind, size, batch, precision } = timing;
  if (kind === "dates") return dateConversionStep(timing);
  if (kind === "codec") return ownCodecStep(timing);
  const fn = kind === "train"
    ? trainStep(size)
    : inference(kind === "encode" ? makeEncoder(size) : makeDecoder(size));
  const x = kind === "decode"
    ? tf.randomUniform([batch, 43, 43, 16])
    : tf.randomUniform([batch, size, size, 3]);
  const run = variant === "compiled" ? compile(fn, { precision }) : fn;
  return () => {
    const result = run(x);
    result.dataSync();
    result.dispose();
  };
}

function ownCodecStep(
  { variant, size, batch, precision }: Timing,
): () => void {
  const { step, args } = codecStep(size, batch);
  const run = variant === "compiled" ? compile(step, { precision }) : step;
  return () => {
    const parts = run(...args);
    parts["loss"]!.dataSync();
    tf.dispose(parts);
  };
}

function trainStep(size: number): (x: tf.Tensor) => tf.Tensor {
  const encoder = makeEncoder(size), decoder = makeDecoder(size);
  const optimizer = tf.train.adam(1e-3);
  const loss = (x: tf.Tensor) => {
    const y = decoder.apply(encoder.apply(x)) as tf.Tensor;
    return y.sub(x).square().mean() as tf.Scalar;
  };
  return (x) => optimizer.minimize(() => loss(x), true)!;
}

function inference(network: tf.Sequential): (x: tf.Tensor) => tf.Tensor {
  return (x) => tf.tidy(() => network.apply(x) as tf.Tensor);
}
