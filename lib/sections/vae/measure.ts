/**
 * What a variational autoencoder makes of the test photos and of codes that no
 * photo gave, and what its codes cost.
 *
 * @module
 */

import type { Pairs, PairSize } from "@/datasets/mod.ts";
import {
  meanPsnr,
  measureQuality,
  ownImages,
  type Quality,
} from "@/experiment/measure.ts";
import type { Pixels } from "@/images/mod.ts";
import {
  type Autoencoder,
  klFromPrior,
  samplePosterior,
  type VariationalAutoencoder,
} from "@/models/mod.ts";
import { randomNormal, type Seed, tf } from "@/tensorflow/mod.ts";
import {
  originals,
  reconstruct,
  tensors,
  toPixels,
  toTensor,
} from "@/training/mod.ts";
import { ACTIVE_NATS, type CodeRate } from "./types.ts";

/** Seed of the codes that are sampled to measure them. */
const MEASURE_NOISE = 0;

/**
 * Measures the images that an autoencoder decodes from its own codes; those of
 * a variational one are means.
 *
 * @param model The network.
 * @param size Which image of each pair it is for.
 * @param pairs The pairs, such as the test photos.
 * @returns The quality, and the images in the order of the pairs.
 */
export function measureOwn(
  model: Autoencoder,
  size: PairSize,
  pairs: Pairs,
): { readonly quality: Quality; readonly photos: readonly Pixels[] } {
  const photos = ownImages(pairs, size, model);
  return { quality: measureQuality(photos, originals(pairs, size)), photos };
}

/**
 * Measures the rate of a network's codes.
 *
 * @param model The network.
 * @param size Which image of each pair it is for.
 * @param pairs The pairs, such as the test photos.
 * @returns Means over the pairs.
 */
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
  const sampled = reconstruct(
    pairs,
    size,
    (x) => model.decode(samplePosterior(model.posterior(x), MEASURE_NOISE)),
  );
  return {
    sampledDb: meanPsnr(sampled, originals(pairs, size)),
    klBitsPerPixel: nats / Math.LN2 * side ** 2 / model.imageShape[0] ** 2,
    klPerChannel,
    activeShare: klPerChannel.filter((value) => value > ACTIVE_NATS).length /
      channels,
  };
}

/**
 * Decodes samples of the prior, which has mean 0 and variance 1.
 *
 * @param model Its decoder is used.
 * @param count How many.
 * @param noise The seed: the same one gives the same codes.
 */
export function drawImages(
  model: Autoencoder,
  count: number,
  noise: Seed,
): Pixels[] {
  const images = tf.tidy(() =>
    model.decode(randomNormal([count, ...model.latentShape], noise))
  );
  const photos = toPixels(images);
  images.dispose();
  return photos;
}

/**
 * Decodes codes on the straight line between two photos' codes.
 *
 * @param model The network.
 * @param size Which image of each pair it is for.
 * @param pairs The line leads from the first photo to the last.
 * @param count Number of images, both ends included; at least 2.
 */
export function interpolateImages(
  model: Autoencoder,
  size: PairSize,
  pairs: Pairs,
  count: number,
): Pixels[] {
  const ends = toTensor(pairs, size, [0, pairs.count - 1]);
  const images = tf.tidy(() => {
    const codes = model.encode(ends);
    const [from, to] = tf.split(codes, 2) as [tf.Tensor4D, tf.Tensor4D];
    const parts = tf.linspace(0, 1, count).reshape([count, 1, 1, 1]);
    return model.decode(from.add(to.sub(from).mul(parts)) as tf.Tensor4D);
  });
  const photos = toPixels(images);
  tf.dispose([ends, images]);
  return photos;
}
