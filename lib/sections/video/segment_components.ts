/**
 * Where a sequential autoencoder begins: with the principal components of small
 * frames as local codes, and with those of what they leave of a segment's mean
 * as its global code.
 *
 * @module
 */
import { tf } from "@/tensorflow/mod.ts";
import {
  CELL,
  fitPatchPca,
  type PriorStart,
  type SequentialShape,
  type SequentialStart,
} from "@/models/mod.ts";

/**
 * Fits the components, and measures the codes.
 *
 * @param shape Of the network.
 * @param segments Frames `[T, side, side, 3]`, 0..255, of some segments.
 * @param lambdas λ of each quality: bits per pixel for a mean squared error in
 * squares of 0..255.
 * @returns The start, whose tensors the caller disposes.
 */
export function fitSequentialStart(
  { side, frames, localSize, globalSize }: SequentialShape,
  segments: readonly Uint8Array[],
  lambdas: readonly number[],
): SequentialStart {
  const cells = side / CELL;
  const gains = lambdas.map(finestGain);
  const small = tf.tidy(() =>
    tf.concat(segments.map((segment) => smallFrames(segment, frames, side)))
  ); // [n · T, side / 4, side / 4, 3] in 0..1
  const flat = tf.tidy(() =>
    small.sub(0.5).reshape([frames * segments.length, -1])
  );
  using ofFrames = fitPatchPca([small], cells, localSize);
  const { mean, local, codes, rest } = tf.tidy(() => {
    const mean = ofFrames.mean.sub(0.5) as tf.Tensor1D;
    const centred = flat.sub(mean);
    const local = ofFrames.components.clone();
    const codes = centred.matMul(local) as tf.Tensor2D;
    const means = centred.reshape([segments.length, frames, -1]).mean(1);
    const known = means.matMul(local).matMul(local, false, true);
    return { mean, local, codes, rest: means.sub(known) as tf.Tensor2D };
  });
  const start = {
    mean,
    local: { components: local, prior: measureCodes(codes, frames, gains) },
    global: globalSize === 0
      ? undefined
      : fitGlobal(rest, cells, globalSize, frames, gains),
  };
  tf.dispose([flat, codes, rest]);
  return start;
}

/** The components of what is left of the segments' means, `[n, D]`. */
function fitGlobal(
  rest: tf.Tensor2D,
  cells: number,
  size: number,
  frames: number,
  gains: readonly number[],
): SequentialStart["local"] {
  const images = tf.tidy(() =>
    rest.add(0.5).reshape([-1, cells, cells, 3]) as tf.Tensor4D
  );
  using ofRest = fitPatchPca([images], cells, size);
  const components = ofRest.components.clone();
  const codes = tf.tidy(() => rest.matMul(components) as tf.Tensor2D);
  // Its errors are those of all frames, its bits are spent once.
  const finer = gains.map((gain) => gain + Math.log2(frames) / 2);
  const prior = measureCodes(codes, 1, finer);
  codes.dispose();
  return { components, prior };
}

/** `[T, side / 4, side / 4, 3]` in 0..1. */
function smallFrames(
  segment: Uint8Array,
  frames: number,
  side: number,
): tf.Tensor4D {
  return tf.tidy(() => {
    const values = Float32Array.from(segment, (value) => value / 255);
    const large = tf.tensor4d(values, [frames, side, side, 3]);
    return tf.avgPool(large, CELL, CELL, "valid");
  });
}

/**
 * Binary logarithm of the steps in a unit that are worth their bits: a step of
 * length s costs `−log2 s` bits and `λ · 255² · s² / 12` of an error that all
 * pixels share.
 */
function finestGain(lambda: number): number {
  const square = 6 * 3 / CELL ** 2 / (Math.LN2 * 255 ** 2 * lambda);
  return -Math.log2(square) / 2;
}

/** How codes vary, and how much of them the next frame's keep. */
function measureCodes(
  codes: tf.Tensor2D,
  frames: number,
  gains: readonly number[],
): PriorStart {
  const [count, size] = codes.shape;
  const values = codes.dataSync();
  const deviations: number[] = [];
  const kept: number[] = [];
  for (let i = 0; i < size; i++) {
    let [squares, products, before] = [0, 0, 0];
    for (let row = 0; row < count; row++) {
      const value = values[row * size + i]!;
      squares += value ** 2;
      if (row % frames === 0) continue;
      products += value * values[(row - 1) * size + i]!;
      before += value ** 2;
    }
    deviations.push(Math.sqrt(squares / count));
    kept.push(
      before === 0 ? 0 : Math.max(0, Math.min(0.999, products / before)),
    );
  }
  return { gains, deviations, kept };
}
