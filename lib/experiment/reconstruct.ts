/**
 * Images through a network and back to 8-bit pixels, and what was lost.
 *
 * @module
 */

import { type Pairs, type PairSize, toBatch } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { msSsim, msSsimScales, psnr } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { mean } from "./spread.ts";

export { mean };

/** Means over a split, each of single photos. */
export interface Quality {
  /** PSNR in dB. */
  readonly psnrDb: number;
  /** MS-SSIM, 0 to 1. */
  readonly msssim: number;
}

/** Images of the write-up's sizes that are passed through a network at once. */
const AT_ONCE = 12;

/** Side of a medium image of which so many fill the memory as far. */
const FULL_SIDE = 86;

/**
 * Images as a tensor.
 *
 * @returns `[indices.length, side, side, 3]` in 0..1.
 */
export function toTensor(
  pairs: Pairs,
  size: PairSize,
  indices: readonly number[],
): tf.Tensor4D {
  const side = size === "high" ? pairs.highSize : pairs.mediumSize;
  return tf.tensor4d(
    toBatch(pairs, size, indices),
    [indices.length, side, side, 3],
  );
}

/**
 * All images of some pairs, in batches; the last may be smaller.
 *
 * @param every Takes every so many-th image only.
 * @param share Takes every so many-th batch only; all by default.
 */
export function* tensors(
  pairs: Pairs,
  size: PairSize,
  every = 1,
  share = { index: 0, count: 1 },
): Generator<tf.Tensor4D> {
  const count = Math.ceil(pairs.count / every);
  const { index, count: shares } = share;
  const smaller = Math.floor((FULL_SIDE / pairs.mediumSize) ** 2);
  const atOnce = AT_ONCE * Math.max(1, smaller);
  for (let from = index * atOnce; from < count; from += shares * atOnce) {
    const length = Math.min(atOnce, count - from);
    const indices = Array.from({ length }, (_, i) => (from + i) * every);
    yield toTensor(pairs, size, indices);
  }
}

/**
 * A batch of images as 8-bit pixels.
 *
 * @param images `[n, height, width, 3]`; what lies outside of 0..1 is clipped.
 */
export function toPixels(images: tf.Tensor4D): Pixels[] {
  const [n, height, width] = images.shape;
  const values = tf.tidy(() =>
    images.clipByValue(0, 1).mul(255).round().dataSync()
  );
  const length = height * width * 3;
  return Array.from({ length: n }, (_, i) => ({
    width,
    height,
    data: Uint8Array.from(values.subarray(i * length, (i + 1) * length)),
  }));
}

/**
 * Passes images through a function of tensors.
 *
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

/** The images of some pairs as they are. */
export function originals(pairs: Pairs, size: PairSize): Pixels[] {
  const side = size === "high" ? pairs.highSize : pairs.mediumSize;
  return Array.from({ length: pairs.count }, (_, i) => ({
    width: side,
    height: side,
    data: pairs[size](i),
  }));
}

/** What a photo without any loss counts as, in dB: a mean stays finite. */
const LOSSLESS_DB = 60;

/** A PSNR in dB that can be averaged and written as JSON. */
export function finiteDb(decibels: number): number {
  return Math.min(LOSSLESS_DB, decibels);
}

/** Measures photos against their originals, on 8-bit pixels. */
export function measureQuality(
  photos: readonly Pixels[],
  against: readonly Pixels[],
): Quality {
  const scales = msSsimScales(photos[0]!.width, photos[0]!.height);
  const each = photos.map((photo, i) => ({
    psnrDb: finiteDb(psnr(photo.data, against[i]!.data)),
    msssim: msSsim(photo, against[i]!, { scales }),
  }));
  return {
    psnrDb: mean(each.map((quality) => quality.psnrDb)),
    msssim: mean(each.map((quality) => quality.msssim)),
  };
}
