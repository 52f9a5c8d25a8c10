/**
 * Images from codes that no image gave: drawn from the prior, or on the way
 * from one photo's code to another's.
 *
 * @module
 */

import type { Pairs, PairSize } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import type { Autoencoder } from "@/models/mod.ts";
import { randomNormal, type Seed, tf } from "@/tensorflow/mod.ts";
import { toPixels, toTensor } from "@/training/mod.ts";

/**
 * Decodes codes drawn from the prior, mean 0 and variance 1.
 *
 * @param model Its decoder is used.
 * @param count How many.
 * @param noise The same seed draws the same codes.
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
 * @param size Which image of the pairs.
 * @param pairs From the first of them to the last.
 * @param count Images, both ends included; at least two.
 */
export function walkImages(
  model: Autoencoder,
  size: PairSize,
  pairs: Pairs,
  count: number,
): Pixels[] {
  const images = toTensor(pairs, size, [0, pairs.count - 1]);
  const walk = tf.tidy(() => {
    const codes = model.encode(images);
    const [from, to] = tf.split(codes, 2) as [tf.Tensor4D, tf.Tensor4D];
    const parts = tf.linspace(0, 1, count).reshape([count, 1, 1, 1]);
    return model.decode(from.add(to.sub(from).mul(parts)) as tf.Tensor4D);
  });
  const photos = toPixels(walk);
  tf.dispose([images, walk]);
  return photos;
}
