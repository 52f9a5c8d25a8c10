/**
 * Between pairs of images, tensors and pixels: what goes into a network, and
 * what comes out of it.
 *
 * @module
 */

import { type Pairs, type PairSize, toBatch } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { tf, tidyValues } from "@/tensorflow/mod.ts";
import type { WorkerShare } from "./agreement.ts";

/** Images in each batch of `tensors`; more if they are small. */
const AT_ONCE = 12;

/** Side in pixels of medium images, below which batches hold more of them. */
const FULL_SIDE = 86;

/**
 * Makes a tensor of square RGB images.
 *
 * @param values Their values in 0..1, one image after the other.
 * @param side Width and height of each in pixels.
 * @returns `[n, side, side, 3]`.
 */
export function imageTensor(values: Float32Array, side: number): tf.Tensor4D {
  return tf.tensor4d(values, [
    values.length / (side * side * 3),
    side,
    side,
    3,
  ]);
}

/**
 * Makes a tensor of images of some pairs.
 *
 * @param pairs The pairs.
 * @param size Which image of each pair.
 * @param indices Which pairs, in this order.
 * @returns `[indices.length, side, side, 3]` in 0..1.
 */
export function toTensor(
  pairs: Pairs,
  size: PairSize,
  indices: readonly number[],
): tf.Tensor4D {
  return imageTensor(toBatch(pairs, size, indices), sideOf(pairs, size));
}

/**
 * Goes through all images of some pairs in batches; the last may be smaller.
 *
 * @param pairs The pairs.
 * @param size Which image of each pair.
 * @param every Takes every nth image only; all by default.
 * @param share The batches that fall to one worker; all by default.
 * @yields `[n, side, side, 3]` in 0..1, to be disposed by the caller.
 */
export function* tensors(
  pairs: Pairs,
  size: PairSize,
  every = 1,
  share: WorkerShare = { index: 0, count: 1 },
): Generator<tf.Tensor4D> {
  const count = Math.ceil(pairs.count / every);
  const smaller = Math.floor((FULL_SIDE / pairs.mediumSize) ** 2);
  const atOnce = AT_ONCE * Math.max(1, smaller);
  const stride = share.count * atOnce;
  for (let from = share.index * atOnce; from < count; from += stride) {
    const length = Math.min(atOnce, count - from);
    const indices = Array.from({ length }, (_, i) => (from + i) * every);
    yield toTensor(pairs, size, indices);
  }
}

/**
 * Rounds a batch of images to 8-bit pixels.
 *
 * @param images `[n, height, width, 3]`; values outside 0..1 are clipped.
 * @returns The `n` images.
 */
export function toPixels(images: tf.Tensor4D): Pixels[] {
  const [n, height, width] = images.shape;
  const values = tidyValues(() => images.clipByValue(0, 1).mul(255).round());
  const length = height * width * 3;
  return Array.from({ length: n }, (_, i) => ({
    width,
    height,
    data: Uint8Array.from(values.subarray(i * length, (i + 1) * length)),
  }));
}

/**
 * Passes all images of some pairs through a function of tensors.
 *
 * @param pairs The pairs.
 * @param size Which image of each pair.
 * @param through Takes and returns `[n, side, side, 3]` in 0..1.
 * @returns The outcome for each pair, in order.
 */
export function reconstruct(
  pairs: Pairs,
  size: PairSize,
  through: (images: tf.Tensor4D) => tf.Tensor4D,
): Pixels[] {
  const photos: Pixels[] = [];
  for (const images of tensors(pairs, size)) {
    const result = tf.tidy(() => through(images));
    photos.push(...toPixels(result));
    tf.dispose([images, result]);
  }
  return photos;
}

/**
 * The unchanged images of some pairs.
 *
 * @param pairs The pairs.
 * @param size Which image of each pair.
 * @returns One image for each pair, in order.
 */
export function originals(pairs: Pairs, size: PairSize): Pixels[] {
  const side = sideOf(pairs, size);
  return Array.from({ length: pairs.count }, (_, i) => ({
    width: side,
    height: side,
    data: pairs[size](i),
  }));
}

function sideOf(pairs: Pairs, size: PairSize): number {
  return size === "high" ? pairs.highSize : pairs.mediumSize;
}
