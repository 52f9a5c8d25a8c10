/**
 * The loss of a sequential variational autoencoder: bits of its codes, and the
 * squared error of its frames.
 *
 *     loss = (bits per pixel + λ · 255² · mean squared error) / √λ
 *
 * Without the root, the best quality would outweigh the others.
 *
 * Noise stands for rounding: J. Ballé, V. Laparra and E. P. Simoncelli,
 * "End-to-end Optimized Image Compression", 2017.
 *
 * @module
 */
import { logisticBits } from "@/codec/model/rate_estimate.ts";
import type { SegmentCodes, SequentialVae } from "@/models/mod.ts";
import { randomUniform, type Seed, tf } from "@/tensorflow/mod.ts";

/** Segments and how their loss is weighed. */
export interface SegmentInputs {
  /** `[n, T, side, side, 3]` in 0..1. */
  readonly frames: tf.Tensor5D;
  /** The quality of each, one-hot, `[n, L]`. */
  readonly level: tf.Tensor2D;
}

/** The loss and its parts. */
export type SegmentLoss = {
  /** The mean over the segments. */
  readonly loss: tf.Scalar;
  /** Bits per pixel. */
  readonly bpp: tf.Scalar;
  /** Mean squared error, in squares of 0..1. */
  readonly mse: tf.Scalar;
};

/** A pass through the network with noise. */
export interface SegmentPass {
  /** Bits of each segment, `[n]`. */
  readonly bits: tf.Tensor1D;
  /** `[n, T, side, side, 3]`, about 0..1. */
  readonly decoded: tf.Tensor5D;
}

/**
 * Encodes segments, adds noise and decodes them.
 *
 * @param model The network.
 * @param inputs The segments.
 * @param noise Seed of the noise.
 * @returns Bits and frames.
 */
export function passSegments(
  model: SequentialVae,
  { frames, level }: SegmentInputs,
  noise: Seed,
): SegmentPass {
  return tf.tidy(() => {
    const { global, local } = model.encode(frames, level);
    const [n, count, size] = local.shape;
    const { globalSize } = model.shape;
    const jitter = randomUniform([n, count * size + globalSize], noise)
      .sub(0.5);
    const ofLocal = jitter.slice([0, 0], [n, count * size]).reshape(
      local.shape,
    );
    const noisy: SegmentCodes = {
      local: local.add(ofLocal),
      global: undefined,
    };
    const bits = [localBits(model, local, noisy.local, level)];
    if (global === undefined) {
      return { bits: bits[0]!, decoded: model.decode(noisy, level) };
    }
    const ofGlobal = jitter.slice([0, count * size], [n, globalSize]);
    const { mean, scale } = model.globalPrior!.expect(level);
    bits.push(
      logisticBits(global.sub(mean), scale, ofGlobal).sum(1) as tf.Tensor1D,
    );
    const codes = { ...noisy, global: global.add(ofGlobal) as tf.Tensor2D };
    return {
      bits: bits[0]!.add(bits[1]!) as tf.Tensor1D,
      decoded: model.decode(codes, level),
    };
  });
}

/** Bits of all local codes, each given those before with their noise. */
function localBits(
  { localPrior }: SequentialVae,
  local: tf.Tensor3D,
  noisy: tf.Tensor3D,
  level: tf.Tensor2D,
): tf.Tensor1D {
  const frames = tf.unstack(local, 1) as tf.Tensor2D[];
  const noisyFrames = tf.unstack(noisy, 1) as tf.Tensor2D[];
  let state: tf.Tensor2D | undefined;
  const each = frames.map((frame, t) => {
    const expected = localPrior.expect(level, noisyFrames[t - 1], state);
    state = expected.state;
    return logisticBits(
      frame.sub(expected.mean),
      expected.scale,
      noisyFrames[t]!.sub(frame),
    ).sum(1);
  });
  return tf.addN(each) as tf.Tensor1D;
}

/**
 * The loss of some segments.
 *
 * @param model The network.
 * @param inputs The segments.
 * @param lambdas λ of each quality.
 * @param noise Seed of the noise.
 * @returns The loss and its parts.
 */
export function segmentLoss(
  model: SequentialVae,
  inputs: SegmentInputs,
  lambdas: readonly number[],
  noise: Seed,
): SegmentLoss {
  return tf.tidy(() => {
    const { frames, level } = inputs;
    const [, count, height, width] = frames.shape;
    const { bits, decoded } = passSegments(model, inputs, noise);
    const errors = decoded.sub(frames).square().mean([1, 2, 3, 4]);
    const lambda = level.matMul(tf.tensor2d([...lambdas], [lambdas.length, 1]))
      .reshape([-1]);
    const bpp = bits.div(count * height * width);
    const loss = bpp.add(lambda.mul(255 ** 2).mul(errors)).div(lambda.sqrt())
      .mean() as tf.Scalar;
    return {
      loss,
      bpp: bpp.mean() as tf.Scalar,
      mse: errors.mean() as tf.Scalar,
    };
  });
}
