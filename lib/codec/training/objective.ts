/**
 * What the codec is trained for: few bits and small errors of both images. Those
 * of the medium image are counted again, so that its prefix is worth sending.
 *
 *     bits + λ (D_high + D_medium / 4) + β (bits of layer 1 + λ D_medium / 4)
 *
 * @module
 */

import {
  type ChannelGroup,
  ChannelGroups,
} from "@/codec/model/channel_groups.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/model/colour_dct.ts";
import { MAX_INPUT } from "@/codec/model/integer_layer.ts";
import { HYPER_UNIT, LATENT_UNIT } from "@/codec/model/latent_units.ts";
import {
  correctHigh,
  correctMedium,
  hyperAnalyse,
  hyperSynthesise,
  type Layer,
  predictHyper,
  realLayer,
  type Weights,
} from "@/codec/model/networks.ts";
import { MEDIUM_SHARE } from "@/codec/model/quality.ts";
import {
  leanToZero,
  logisticBits,
  roundGiven,
  roundThrough,
} from "@/codec/model/rate_estimate.ts";
import type { CodecBatch } from "./codec_batch.ts";
import { randomUniform, tf } from "@/tensorflow/mod.ts";
import { cellKinds, cellPlanes } from "@/codec/model/block_sizes.ts";
import {
  mixedToCells,
  toCells,
  toChannels,
  toPlanes,
} from "@/codec/model/block_transform.ts";
import { chooseSizes } from "@/codec/encode/choose_sizes.ts";
import { coarseBits, coarseValue } from "@/codec/model/nested_quantiser.ts";

/** How much more the first layer counts, β. */
export const FIRST_LAYER_WEIGHT = 0.3;

/** What a pixel of the thumbnail counts beside one of the high image. */
export const THUMBNAIL_SHARE = 1 / 64;

/** The objective and its parts, as means over the batch. */
export interface CodecLoss {
  /** What is minimised: every image's loss divided by the root of its λ. */
  readonly loss: tf.Scalar;
  /** Bits of the whole file per pixel of the high image. */
  readonly bpp: tf.Scalar;
  /** Bits of the first layer per pixel of the high image. */
  readonly mediumBpp: tf.Scalar;
  /** Bits of the hyper-latent per pixel of the high image. */
  readonly hyperBpp: tf.Scalar;
  /** Mean squared error of the high image, of values in 0..255. */
  readonly highMse: tf.Scalar;
  /** Mean squared error of the medium image, of values in 0..255. */
  readonly mediumMse: tf.Scalar;
  /** Mean squared error of the thumbnail, of values in 0..255. */
  readonly thumbnailMse: tf.Scalar;
}

/** Rates and images of a batch. */
export interface CodecPass {
  /** Bits of each image's hyper-latent, `[n]`. */
  readonly hyperBits: tf.Tensor1D;
  /** Bits of each image's first layer, hyper-latent included, `[n]`. */
  readonly mediumBits: tf.Tensor1D;
  /** Bits of all layers, `[n]`. */
  readonly bits: tf.Tensor1D;
  /** The thumbnails, `[n, h / 32, w / 32, 3]`, about 0..1. */
  readonly thumbnail: tf.Tensor4D;
  /** The medium images, `[n, h / 2, w / 2, 3]`, about 0..1. */
  readonly medium: tf.Tensor4D;
  /** The high images, `[n, h, w, 3]`, about 0..1. */
  readonly high: tf.Tensor4D;
}

/** What is predicted of a group's latents, in a unit of the latents. */
type Predicted = Record<"mean" | "scale", tf.Tensor4D>;

/**
 * The objective of a batch.
 *
 * @param batch Images, qualities and coarseness.
 * @param weights The networks' weights.
 * @param noise Two numbers that seed the noise which stands for rounding; by
 * default values are rounded.
 * @returns The loss and its parts.
 */
export function codecLoss(
  batch: CodecBatch,
  weights: Weights,
  noise?: tf.Tensor1D,
): CodecLoss {
  return tf.tidy(() => {
    const pass = codecPass(batch, weights, noise);
    const [, height, width] = batch.high.shape;
    const pixels = height * width;
    const mse = (a: tf.Tensor, b: tf.Tensor) =>
      a.sub(b).mul(255).square().mean([1, 2, 3]);
    const small = tf.avgPool(batch.medium, 16, 16, "valid");
    const errors = {
      highMse: mse(pass.high, batch.high),
      mediumMse: mse(pass.medium, batch.medium),
      thumbnailMse: mse(pass.thumbnail, small),
    };
    const rates = {
      bpp: pass.bits.div(pixels),
      mediumBpp: pass.mediumBits.div(pixels),
      hyperBpp: pass.hyperBits.div(pixels),
    };
    const { lambda } = batch;
    const medium = errors.mediumMse.mul(lambda).mul(MEDIUM_SHARE);
    const losses = tf.addN([
      rates.bpp,
      errors.highMse.mul(lambda),
      medium,
      rates.mediumBpp.add(medium).mul(FIRST_LAYER_WEIGHT),
      errors.thumbnailMse.mul(lambda).mul(THUMBNAIL_SHARE),
    ]);
    const means = Object.entries({ ...rates, ...errors })
      .map(([name, values]) => [name, values.mean()]);
    return {
      // Otherwise high qualities would outweigh low ones: both parts grow.
      loss: losses.mul(lambda.mul(100).rsqrt()).mean(),
      ...Object.fromEntries(means),
    };
  });
}

/**
 * Passes a batch through the networks.
 *
 * @param batch Images, qualities and coarseness.
 * @param weights The networks' weights.
 * @param noise Two numbers that seed the noise which stands for rounding; by
 * default values are rounded.
 * @param layer The convolutions; of the weights by default.
 * @returns Rates and images.
 */
export function codecPass(
  { high, level, lambda, coarse, coarseness }: CodecBatch,
  weights: Weights,
  noise?: tf.Tensor1D,
  layer: Layer = realLayer(weights),
): CodecPass {
  const n = high.shape[0];
  const [h, w] = [high.shape[1] / 8, high.shape[2] / 8];
  const plane = (rows: number, columns: number, values: tf.Tensor[]) =>
    tf.concat(values, 1).reshape([n, 1, 1, values.length])
      .tile([1, rows, columns, 1]) as tf.Tensor4D;
  let draws = 0;
  const jitter = (shape: number[]) => {
    if (noise === undefined) return undefined;
    const seed = noise.add(tf.tensor1d([++draws << 20, 0], "int32"));
    return randomUniform(shape, seed).sub(0.5);
  };

  // The step of `bestStep`, for all coefficients.
  const steps = lambda.mul(Math.LN2 / 18).rsqrt() as tf.Tensor1D;
  const planes = toPlanes(high.sub(0.5).mul(255) as tf.Tensor4D);
  const { sizes, cells } = chooseSizes(planes, steps);
  const kinds = cellKinds(sizes);
  const ofKind = (table: tf.Tensor) =>
    kinds.reshape([-1, kinds.shape[3]]).matMul(table)
      .reshape([n, h, w, CHANNELS]) as tf.Tensor4D;
  const norms = ofKind(weights("kind_norms"));
  const latents = toChannels(cells).div(norms) as tf.Tensor4D;
  // Binary logarithm of steps in a unit of the latents, [n, h, w, 192].
  const gain = norms.div(steps.reshape([n, 1, 1, 1])).log()
    .mul(1 / Math.LN2) as tf.Tensor4D;

  const blocks = cellPlanes(sizes);
  const seen = tf.concat([
    asContext(latents),
    plane(h, w, [level, coarseness]),
  ], 3);
  const hyper = hyperAnalyse(seen as tf.Tensor4D, blocks, layer);
  const prior = tf.concat([
    tf.avgPool(sizes, 4, 4, "valid"),
    plane(h / 4, w / 4, [level, coarseness]),
  ], 3) as tf.Tensor4D;
  const [hyperMean, hyperScale] = tf.split(predictHyper(prior, layer), 2, 3);
  // As coarse as the networks of whole numbers see it.
  const mean = roundThrough(hyperMean!.mul(HYPER_UNIT)).div(HYPER_UNIT);
  const hyperError = hyper.sub(mean);
  const hyperBits = logisticBits(hyperError, hyperScale!, jitter(hyper.shape))
    .sum([1, 2, 3]);
  const rounded = roundThrough(hyperError).add(mean)
    .clipByValue(
      -MAX_INPUT / HYPER_UNIT,
      MAX_INPUT / HYPER_UNIT,
    ) as tf.Tensor4D;
  const features = hyperSynthesise(rounded, prior, layer);
  const thumbnail = layer(rounded, "thumbnail", { relu: false })
    .add(0.5) as tf.Tensor4D;

  const bits: Record<ChannelGroup["layer"], tf.Tensor[]> = {
    1: [hyperBits],
    2: [],
  };
  const first: tf.Tensor4D[] = [];
  const all: tf.Tensor4D[] = [];
  const known = tf.concat([features, blocks], 3) as tf.Tensor4D;
  const groups = new ChannelGroups(known, layer, asContext);
  groups.forward((group) => {
    const { index, first: from, size } = group;
    const own = latents.slice([0, 0, 0, from], [-1, -1, -1, size]);
    const logSteps = gain.slice([0, 0, 0, from], [-1, -1, -1, size]);
    const step = logSteps.mul(Math.LN2).exp();
    const isFirst = group.layer === 1;
    const cells = isFirst &&
      coarse.slice([0, index], [-1, 1]).reshape([n, 1, 1, 1]);
    const toLatent = (value: tf.Tensor, mean: tf.Tensor) =>
      value.div(step).add(mean) as tf.Tensor4D;
    const errorOf = ({ mean, scale }: Predicted) =>
      leanToZero(
        own.sub(mean).mul(step) as tf.Tensor4D,
        scale.add(logSteps),
      );
    const quantise = (error: tf.Tensor4D, mean: tf.Tensor) => {
      const value = cells ? coarseValue(error, cells) : roundGiven(error);
      return toLatent(value, mean);
    };
    return {
      code: (predicted) => {
        const [mean, scale] = tf.split(predicted, 2, 3);
        return { mean: mean as tf.Tensor4D, scale: scale as tf.Tensor4D };
      },
      asInput: (predicted) =>
        asContext(quantise(errorOf(predicted), predicted.mean)),
      finish: (predicted) => {
        const { mean, scale } = predicted;
        const error = errorOf(predicted);
        const spread = scale.add(logSteps);
        const fine = logisticBits(error, spread, jitter(own.shape))
          .sum([1, 2, 3]);
        all.push(toLatent(roundGiven(error), mean));
        if (!cells) {
          bits[2].push(fine);
          return all.at(-1)!;
        }
        const coarse = coarseBits(error, spread, cells).sum([1, 2, 3]);
        bits[1].push(coarse);
        bits[2].push(fine.sub(coarse));
        first.push(quantise(error, mean));
        return first.at(-1)!;
      },
    };
  }, () => all);

  const inCells = (latents: tf.Tensor4D[], channels: number) => {
    const side = channels === CHANNELS ? 8 : 4;
    const ofChannels = (x: tf.Tensor4D) =>
      x.slice([0, 0, 0, 0], [-1, -1, -1, channels]);
    const values = tf.concat(latents, 3).mul(ofChannels(norms)) as tf.Tensor4D;
    const cells = mixedToCells(toCells(values, side), sizes, side);
    return toChannels(cells, side)
      .div(weights("norms").slice([0], [channels])) as tf.Tensor4D;
  };
  const mediumBits = tf.addN(bits[1]) as tf.Tensor1D;
  return {
    hyperBits: hyperBits as tf.Tensor1D,
    mediumBits,
    bits: tf.addN([mediumBits, ...bits[2]]) as tf.Tensor1D,
    thumbnail,
    medium: correctMedium(
      inCells(first, MEDIUM_CHANNELS),
      { known: plane(h, w, [level, coarseness]) },
      weights,
    ),
    high: correctHigh(
      inCells(all, CHANNELS),
      { known: plane(h, w, [level]) },
      weights,
    ),
  };
}

/** Latents as the networks of whole numbers see them: within bounds. */
function asContext(latents: tf.Tensor4D): tf.Tensor4D {
  const limit = MAX_INPUT / LATENT_UNIT;
  return latents.clipByValue(-limit, limit) as tf.Tensor4D;
}
