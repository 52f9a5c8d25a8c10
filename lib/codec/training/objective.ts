/**
 * What the codec is trained for: few bits and small errors of both images.
 *
 *     loss = bits a pixel + λ · (MSE of the high image + α · MSE of the medium)
 *
 * λ differs from image to image of a batch, so that one set of weights serves
 * all qualities. Rounding is replaced by noise where bits are estimated, and
 * passed over by the gradient where images are made.
 *
 * Source: J. Ballé, V. Laparra and E. P. Simoncelli, "End-to-end Optimized
 * Image Compression", 2017; gains for many qualities: Z. Cui et al.,
 * "Asymmetric Gained Deep Image Compression With Continuous Rate Adaptation",
 * 2021.
 *
 * @module
 */

import { randomUniform, tf } from "@/tensorflow/mod.ts";
import { CHANNELS, GROUP_SIZES } from "@/codec/model/colour_dct.ts";
import { HYPER_UNIT, LATENT_UNIT } from "@/codec/model/code_latents.ts";
import { TWO_PASS_GROUPS } from "@/codec/model/codec_weights.ts";
import { GREATEST_INPUT } from "@/codec/model/integer_layer.ts";
import {
  analyse,
  hyperAnalyse,
  hyperSynthesise,
  type Layer,
  mediumReads,
  predictGroup,
  realLayer,
  synthesiseHigh,
  synthesiseMedium,
  type Weights,
} from "@/codec/model/networks.ts";
import { MEDIUM_SHARE } from "@/codec/model/quality.ts";

/** Added to every scale, in steps: no latent is ever quite certain. */
export const LEAST_SCALE = 0.05;

/** From a logistic distribution's standard deviation to its scale. */
const LOGISTIC = Math.sqrt(3) / Math.PI;

/** A batch. */
export interface CodecBatch {
  /** `[n, h, w, 3]` in 0..1; sides are multiples of 32. */
  readonly high: tf.Tensor4D;
  /** `[n, h / 2, w / 2, 3]` in 0..1. */
  readonly medium: tf.Tensor4D;
  /** The quality of each image, `[n, 1]` in 0..1. */
  readonly level: tf.Tensor2D;
  /** How much each anchor counts there, `[n, anchors]`. */
  readonly anchors: tf.Tensor2D;
  /** λ of each image, `[n]`. */
  readonly lambda: tf.Tensor1D;
}

/** The objective and its parts; means over the batch. */
export interface CodecLoss {
  /** What is minimised: every image's loss by the root of its λ. */
  readonly loss: tf.Scalar;
  /** Bits a pixel of the high image, all in all. */
  readonly bpp: tf.Scalar;
  /** Of it, what the medium image needs. */
  readonly mediumBpp: tf.Scalar;
  /** Mean squared error of the high image, in 0..255. */
  readonly highMse: tf.Scalar;
  /** Mean squared error of the medium image, in 0..255. */
  readonly mediumMse: tf.Scalar;
}

/** Rates and images of a batch. */
export interface CodecPass {
  /** Bits of each image's first layer, hyper-latent included, `[n]`. */
  readonly mediumBits: tf.Tensor1D;
  /** Bits of each image's second layer, `[n]`. */
  readonly highBits: tf.Tensor1D;
  /** The medium images. */
  readonly medium: tf.Tensor4D;
  /** The high images. */
  readonly high: tf.Tensor4D;
}

/**
 * The loss of a batch.
 *
 * @param batch Images and their qualities.
 * @param weights By name.
 * @param noise Two numbers that seed the noise; without them latents are
 * rounded where bits are estimated, too.
 * @param mediumShare α.
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
      // Else high qualities would outweigh low ones: both parts grow with it.
      loss: losses.mul(batch.lambda.mul(100).rsqrt()).mean() as tf.Scalar,
      bpp: bpp.mean() as tf.Scalar,
      mediumBpp: mediumBpp.mean() as tf.Scalar,
      highMse: highMse.mean() as tf.Scalar,
      mediumMse: mediumMse.mean() as tf.Scalar,
    };
  });
}

/**
 * Images through the codec, with estimated rates.
 *
 * @param weights By name.
 * @param noise As in {@linkcode codecLoss}.
 * @param layer The convolutions of what predicts probabilities.
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
  // As coarse as the networks of whole numbers are given them: rounding them
  // after training made files of low qualities a fifth larger.
  const hyperMean = roundThrough(weights("hyper/mean").mul(HYPER_UNIT))
    .div(HYPER_UNIT);
  const hyperScale = anchors.matMul(weights("hyper/scale") as tf.Tensor2D)
    .reshape([n, 1, 1, -1]);
  const hyperError = hyper.sub(hyperMean);
  const hyperBits = bits(hyperError, hyperScale, jitter(hyper.shape));
  const rounded = roundThrough(hyperError).add(hyperMean) as tf.Tensor4D;
  const features = hyperSynthesise(rounded, plane(h / 4, w / 4), layer);

  const every = checkerboard(h, w);
  const known: tf.Tensor4D[] = [];
  const rates: tf.Tensor1D[] = [];
  let at = 0;
  GROUP_SIZES.forEach((size, group) => {
    const own = latents.slice([0, 0, 0, at], [-1, -1, -1, size]);
    const steps = gain.slice([0, 0, 0, at], [-1, -1, -1, size]);
    at += size;
    const context = [features, ...known.map(asContext)];
    const code = (more: tf.Tensor4D[]) => {
      const predicted = predictGroup(
        group,
        tf.concat([...context, ...more], 3),
        layer,
      );
      const [mean, scale] = tf.split(predicted, 2, 3) as [
        tf.Tensor4D,
        tf.Tensor4D,
      ];
      return { mean, scale };
    };
    const quantise = (mean: tf.Tensor4D) => {
      const step = steps.mul(Math.LN2).exp();
      return roundThrough(own.sub(mean).mul(step)).div(step)
        .add(mean) as tf.Tensor4D;
    };
    let { mean, scale } = code(
      TWO_PASS_GROUPS.includes(group) ? [tf.zerosLike(own)] : [],
    );
    if (TWO_PASS_GROUPS.includes(group)) {
      const second = code([
        asContext(quantise(mean)).mul(every) as tf.Tensor4D,
      ]);
      const other = tf.sub(1, every);
      const mix = (a: tf.Tensor4D, b: tf.Tensor4D) =>
        a.mul(every).add(b.mul(other)) as tf.Tensor4D;
      mean = mix(mean, second.mean);
      scale = mix(scale, second.scale);
    }
    const error = own.sub(mean).mul(steps.mul(Math.LN2).exp());
    rates.push(
      bits(error, scale.add(steps), jitter(own.shape))
        .sum([1, 2, 3]) as tf.Tensor1D,
    );
    known.push(quantise(mean));
  });
  const all = tf.concat(known, 3);
  const low = all.slice([0, 0, 0, 0], [-1, -1, -1, mediumReads(weights)]);
  return {
    mediumBits: tf.addN([
      hyperBits.sum([1, 2, 3]),
      ...rates.slice(0, 3),
    ]) as tf.Tensor1D,
    highBits: rates[3]!.add(rates[4]!) as tf.Tensor1D,
    medium: synthesiseMedium(low, plane(h, w), weights),
    high: synthesiseHigh(all, plane(h, w), weights),
  };
}

/**
 * Bits of whole numbers of a logistic distribution.
 *
 * @param error The numbers less the mean, in steps.
 * @param scale Binary logarithm of the standard deviation in steps.
 * @param jitter Noise in -0.5..0.5 in place of rounding.
 * @returns As many as errors.
 */
export function bits(
  error: tf.Tensor,
  scale: tf.Tensor,
  jitter?: tf.Tensor,
): tf.Tensor {
  const deviation = scale.mul(Math.LN2).exp().add(LEAST_SCALE);
  const value = (jitter === undefined ? roundThrough(error) : error.add(jitter))
    .abs();
  const width = deviation.mul(LOGISTIC);
  // Of the side where both are small, so that their difference is exact.
  const upper = tf.sub(0.5, value).div(width).sigmoid();
  const lower = tf.sub(-0.5, value).div(width).sigmoid();
  return upper.sub(lower).maximum(1e-9).log().mul(-1 / Math.LN2);
}

/** Latents as the networks of whole numbers are given them: within bounds. */
function asContext(latents: tf.Tensor4D): tf.Tensor4D {
  const most = GREATEST_INPUT / LATENT_UNIT;
  return latents.clipByValue(-most, most) as tf.Tensor4D;
}

/** Rounds; the gradient passes as if it did not. */
export const roundThrough: (x: tf.Tensor) => tf.Tensor = tf.customGrad(
  (x) => ({
    value: (x as tf.Tensor).round(),
    gradFunc: (dy: tf.Tensor) => dy,
  }),
);

/** 1 on every other block, starting with the first, `[1, h, w, 1]`. */
export function checkerboard(h: number, w: number): tf.Tensor4D {
  const rows = Array.from(
    { length: h * w },
    (_, i) => (Math.floor(i / w) + i % w) % 2 === 0 ? 1 : 0,
  );
  return tf.tensor4d(rows, [1, h, w, 1]);
}
