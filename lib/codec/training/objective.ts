/**
 * What the codec is trained for: few bits and small errors of both images. Those
 * of the medium image are counted again, so that its prefix is worth sending.
 *
 *     bits + λ (D_high + D_medium / 4) + β (bits of layer 1 + λ D_medium / 4)
 *
 * @module
 */

import {
  mixedToCells,
  toCells,
  toChannels,
} from "@/codec/transform/block_transform.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import {
  correctHigh,
  correctMedium,
  type Layer,
  makeThumbnail,
  realLayer,
  type Weights,
} from "@/codec/model/networks.ts";
import { HYPER_BLOCKS } from "@/codec/format/tiles.ts";
import { MEDIUM_SHARE } from "@/codec/model/quality.ts";
import { squareShares } from "@/codec/transform/block_sizes.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { CodecBatch } from "./codec_batch.ts";
import { ratePass } from "./rate_pass.ts";

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
  batch: CodecBatch,
  weights: Weights,
  noise?: tf.Tensor1D,
  layer: Layer = realLayer(weights),
): CodecPass {
  const { high, level, coarseness } = batch;
  const n = high.shape[0];
  const [h, w] = [high.shape[1] / 8, high.shape[2] / 8];
  const plane = (values: tf.Tensor[]) =>
    tf.concat(values, 1).reshape([n, 1, 1, values.length])
      .tile([1, h, w, 1]) as tf.Tensor4D;
  const { first, all, norms, sizes, hyper, ...rates } = ratePass(
    batch,
    weights,
    layer,
    noise,
  );

  const inCells = (latents: readonly tf.Tensor4D[], channels: number) => {
    const side = channels === CHANNELS ? 8 : 4;
    const ofChannels = (x: tf.Tensor4D) =>
      x.slice([0, 0, 0, 0], [-1, -1, -1, channels]);
    const values = tf.concat([...latents], 3).mul(
      ofChannels(norms),
    ) as tf.Tensor4D;
    const cells = mixedToCells(toCells(values, side), sizes, side);
    return toChannels(cells, side)
      .div(weights("norms").slice([0], [channels])) as tf.Tensor4D;
  };
  return {
    hyperBits: rates.hyperBits,
    mediumBits: rates.mediumBits,
    bits: rates.bits,
    thumbnail: makeThumbnail(hyper, squareShares(sizes, HYPER_BLOCKS), weights),
    medium: correctMedium(
      inCells(first, MEDIUM_CHANNELS),
      { known: plane([level, coarseness]) },
      weights,
    ),
    high: correctHigh(
      inCells(all, CHANNELS),
      { known: plane([level]) },
      weights,
    ),
  };
}
