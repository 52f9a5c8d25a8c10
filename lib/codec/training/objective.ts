/**
 * What the codec is trained for: few bits and small errors of both images.
 *
 *     loss = bits per pixel + λ · (MSE of the high image + α · MSE of the medium)
 *
 * λ differs from image to image in a batch, so that one set of weights serves
 * all qualities. Rounding is replaced by noise where bits are estimated, and
 * ignored by the gradient where images are made.
 *
 * Source: J. Ballé, V. Laparra and E. P. Simoncelli, "End-to-end Optimized
 * Image Compression", 2017; gains for many qualities: Z. Cui et al.,
 * "Asymmetric Gained Deep Image Compression With Continuous Rate Adaptation",
 * 2021.
 *
 * @module
 */

import {
  type ChannelGroup,
  ChannelGroups,
} from "@/codec/model/channel_groups.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { MAX_INPUT } from "@/codec/model/integer_layer.ts";
import { HYPER_UNIT, LATENT_UNIT } from "@/codec/model/latent_coder.ts";
import {
  analyse,
  hyperAnalyse,
  hyperSynthesise,
  type Layer,
  mediumReads,
  realLayer,
  synthesiseHigh,
  synthesiseMedium,
  type Weights,
} from "@/codec/model/networks.ts";
import { MEDIUM_SHARE } from "@/codec/model/quality.ts";
import { logisticBits, roundThrough } from "@/codec/model/rate_estimate.ts";
import { randomUniform, tf } from "@/tensorflow/mod.ts";
import type { CodecBatch } from "./codec_batch.ts";

/** The objective and its parts, as means over the batch. */
export interface CodecLoss {
  /** What is minimised: every image's loss divided by the root of its λ. */
  readonly loss: tf.Scalar;
  /** Bits of the whole file per pixel of the high image. */
  readonly bpp: tf.Scalar;
  /** Bits of the first layer per pixel of the high image. */
  readonly mediumBpp: tf.Scalar;
  /** Mean squared error of the high image, of values in 0..255. */
  readonly highMse: tf.Scalar;
  /** Mean squared error of the medium image, of values in 0..255. */
  readonly mediumMse: tf.Scalar;
}

/** Rates and images of a batch. */
export interface CodecPass {
  /** Bits of each image's first layer, hyper-latent included, `[n]`. */
  readonly mediumBits: tf.Tensor1D;
  /** Bits of each image's second layer, `[n]`. */
  readonly highBits: tf.Tensor1D;
  /** The medium images, `[n, h / 2, w / 2, 3]`, about 0..1. */
  readonly medium: tf.Tensor4D;
  /** The high images, `[n, h, w, 3]`, about 0..1. */
  readonly high: tf.Tensor4D;
}

/**
 * The loss of a batch.
 *
 * @param batch Images and their qualities.
 * @param weights The networks' weights by name.
 * @param noise Two numbers that seed the noise; without them latents are
 * rounded where bits are estimated, too.
 * @param mediumShare α, the weight of the medium image's error.
 * @returns The loss and its parts.
 */
export function codecLoss(
  batch: CodecBatch,
  weights: Weights,
  noise?: tf.Tensor1D,
  mediumShare = MEDIUM_SHARE,
): CodecLoss {
  return tf.tidy(() => {
    const pass = codecPass(batch, weights, noise);
    const [, height, width] = batch.high.shape;
    const pixels = height * width;
    const mse = (a: tf.Tensor, b: tf.Tensor) =>
      a.sub(b).mul(255).square().mean([1, 2, 3]);
    const highMse = mse(pass.high, batch.high);
    const mediumMse = mse(pass.medium, batch.medium);
    const mediumBpp = pass.mediumBits.div(pixels);
    const bpp = pass.mediumBits.add(pass.highBits).div(pixels);
    const errors = highMse.add(mediumMse.mul(mediumShare));
    const losses = bpp.add(batch.lambda.mul(errors));
    return {
      // Otherwise high qualities would outweigh low ones: both parts grow.
      loss: losses.mul(batch.lambda.mul(100).rsqrt()).mean() as tf.Scalar,
      bpp: bpp.mean() as tf.Scalar,
      mediumBpp: mediumBpp.mean() as tf.Scalar,
      highMse: highMse.mean() as tf.Scalar,
      mediumMse: mediumMse.mean() as tf.Scalar,
    };
  });
}

/**
 * Passes images through the codec and estimates their rates.
 *
 * @param batch Images and their qualities.
 * @param weights The networks' weights by name.
 * @param noise As in {@linkcode codecLoss}.
 * @param layer The convolutions of all networks but the syntheses.
 * @returns Rates and images.
 */
export function codecPass(
  { high, level, anchors }: CodecBatch,
  weights: Weights,
  noise?: tf.Tensor1D,
  layer: Layer = realLayer(weights),
): CodecPass {
  const n = high.shape[0];
  const [h, w] = [high.shape[1] / 8, high.shape[2] / 8];
  const norms = weights("norms");
  // Binary logarithm of steps in a standard deviation, [n, 1, 1, 192].
  const gain = anchors.matMul(weights("gains") as tf.Tensor2D)
    .add(norms.log().mul(1 / Math.LN2)).reshape([n, 1, 1, CHANNELS]);
  const plane = (rows: number, columns: number) =>
    level.reshape([n, 1, 1, 1]).tile([1, rows, columns, 1]) as tf.Tensor4D;
  const coefficients = tf.conv2d(
    high.sub(0.5) as tf.Tensor4D,
    weights("high_analysis") as tf.Tensor4D,
    8,
    "valid",
  ).mul(255).div(norms) as tf.Tensor4D;
  const latents = analyse(coefficients, plane(h, w), layer);

  let draws = 0;
  const jitter = (shape: number[]) => {
    if (noise === undefined) return undefined;
    const seed = noise.add(tf.tensor1d([++draws << 20, 0], "int32"));
    return randomUniform(shape, seed).sub(0.5);
  };
  const hyper = hyperAnalyse(latents, plane(h, w), layer);
  // As coarse as the networks of whole numbers see them: rounding them only
  // after training made files of low qualities a fifth larger.
  const hyperMean = roundThrough(weights("hyper/mean").mul(HYPER_UNIT))
    .div(HYPER_UNIT);
  const hyperScale = anchors.matMul(weights("hyper/scale") as tf.Tensor2D)
    .reshape([n, 1, 1, -1]);
  const hyperError = hyper.sub(hyperMean);
  const hyperBits = logisticBits(hyperError, hyperScale, jitter(hyper.shape));
  const rounded = roundThrough(hyperError).add(hyperMean) as tf.Tensor4D;
  const features = hyperSynthesise(rounded, plane(h / 4, w / 4), layer);

  const bits: Record<ChannelGroup["layer"], tf.Tensor[]> = {
    1: [hyperBits.sum([1, 2, 3])],
    2: [],
  };
  const known: tf.Tensor4D[] = [];
  const groups = new ChannelGroups(features, layer, asContext);
  groups.forward((group) => {
    const { first, size } = group;
    const own = latents.slice([0, 0, 0, first], [-1, -1, -1, size]);
    const steps = gain.slice([0, 0, 0, first], [-1, -1, -1, size]);
    const quantise = (mean: tf.Tensor4D) => {
      const step = steps.mul(Math.LN2).exp();
      return roundThrough(own.sub(mean).mul(step)).div(step)
        .add(mean) as tf.Tensor4D;
    };
    return {
      code: (predicted) => {
        const [mean, scale] = tf.split(predicted, 2, 3);
        return { mean: mean as tf.Tensor4D, scale: scale as tf.Tensor4D };
      },
      asInput: ({ mean }) => asContext(quantise(mean)),
      finish: ({ mean, scale }) => {
        const error = own.sub(mean).mul(steps.mul(Math.LN2).exp());
        const rate = logisticBits(error, scale.add(steps), jitter(own.shape));
        bits[group.layer].push(rate.sum([1, 2, 3]));
        known.push(quantise(mean));
        return known.at(-1)!;
      },
    };
  });
  const all = tf.concat(known, 3);
  const low = all.slice([0, 0, 0, 0], [-1, -1, -1, mediumReads(weights)]);
  return {
    mediumBits: tf.addN(bits[1]) as tf.Tensor1D,
    highBits: tf.addN(bits[2]) as tf.Tensor1D,
    medium: synthesiseMedium(low, plane(h, w), weights),
    high: synthesiseHigh(all, plane(h, w), weights),
  };
}

/** Latents as the networks of whole numbers see them: within bounds. */
function asContext(latents: tf.Tensor4D): tf.Tensor4D {
  const limit = MAX_INPUT / LATENT_UNIT;
  return latents.clipByValue(-limit, limit) as tf.Tensor4D;
}
