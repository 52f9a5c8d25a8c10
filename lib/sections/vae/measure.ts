/**
 * What a variational autoencoder makes of the test photos, and what its codes
 * cost.
 *
 * @module
 */

import type { Pairs, PairSize } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import {
  type Autoencoder,
  klFromPrior,
  samplePosterior,
  type VariationalAutoencoder,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  meanPsnr,
  measureQuality,
  type Quality,
} from "@/experiment/measure.ts";
import { originals, reconstruct, tensors } from "@/training/mod.ts";

/** What the codes of a variational autoencoder cost and carry. */
export interface CodeRate {
  /** PSNR in dB of images from codes that are drawn, not from means. */
  readonly sampledDb: number;
  /**
   * Distance of the codes from the prior, in bits for each pixel: what a drawn
   * code costs an ideal coder that knows the prior.
   *
   * J. Townsend et al., "Practical Lossless Compression with Latent Variables
   * using Bits Back Coding", 2019.
   */
  readonly klBitsPerPixel: number;
  /** The same in nats for each number of a channel. */
  readonly klPerChannel: readonly number[];
  /**
   * Share of the channels that carry more than {@linkcode ACTIVE_NATS} a
   * number. Y. Burda et al., "Importance Weighted Autoencoders", 2016, count
   * active units by the variance of their means instead.
   */
  readonly activeShare: number;
}

/** A channel with less is the prior, whatever the image. */
export const ACTIVE_NATS = 0.01;

/** Noise of the codes that are drawn to measure them. */
const MEASURE_NOISE = 0;

/**
 * Measures the images that come from the codes of an autoencoder, from means
 * where it is a variational one.
 *
 * @returns The quality, and the images in the order of the pairs.
 */
export function measureOwn(
  model: Autoencoder,
  size: PairSize,
  pairs: Pairs,
): { readonly quality: Quality; readonly photos: readonly Pixels[] } {
  const photos = reconstruct(pairs, size, (x) => model.decode(model.encode(x)));
  return { quality: measureQuality(photos, originals(pairs, size)), photos };
}

/** Measures the codes' rate, means over some pairs. */
export function measureRate(
  model: VariationalAutoencoder,
  size: PairSize,
  pairs: Pairs,
): CodeRate {
  const [side, , channels] = model.latentShape;
  const sums = new Array<number>(channels).fill(0);
  for (const images of tensors(pairs, size)) {
    const sum = tf.tidy(() =>
      klFromPrior(model.posterior(images)).sum([0, 1, 2]).dataSync()
    );
    sum.forEach((nats, channel) => sums[channel]! += nats);
    images.dispose();
  }
  const klPerChannel = sums.map((nats) => nats / (pairs.count * side ** 2));
  const nats = klPerChannel.reduce((sum, value) => sum + value, 0);
  const drawn = reconstruct(
    pairs,
    size,
    (x) => model.decode(samplePosterior(model.posterior(x), MEASURE_NOISE)),
  );
  return {
    sampledDb: meanPsnr(drawn, originals(pairs, size)),
    klBitsPerPixel: nats / Math.LN2 * side ** 2 / model.imageShape[0] ** 2,
    klPerChannel,
    activeShare: klPerChannel.filter((value) => value > ACTIVE_NATS).length /
      channels,
  };
}
