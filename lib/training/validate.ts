/**
 * How good a network's images are while it is trained: mean squared error and
 * PSNR of the validation split.
 *
 * @module
 */

import type { Pairs, PairSize } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { finiteDb, mean, psnr } from "@/metrics/mod.ts";
import { sumOverWorkers, tf } from "@/tensorflow/mod.ts";
import { workerShare } from "./agreement.ts";
import { originals, reconstruct, tensors } from "./images.ts";
import type { Validation } from "./records.ts";

/**
 * Measures reconstructions; each worker of a cluster takes some of the images.
 *
 * @param pairs The validation split.
 * @param size Which image of each pair.
 * @param pass Takes and returns `[n, side, side, 3]` in 0..1.
 * @returns The mean squared error in squares of 0..1, and the mean PSNR of
 * 8-bit pixels in dB.
 */
export async function measureReconstructions(
  pairs: Pairs,
  size: PairSize,
  pass: (images: tf.Tensor4D) => tf.Tensor4D,
): Promise<Validation> {
  let losses = 0, decibels = 0, photos = 0;
  for (const images of tensors(pairs, size, 1, workerShare())) {
    tf.tidy(() => {
      const result = pass(images);
      for (
        const loss of result.sub(images).square().mean([1, 2, 3]).dataSync()
      ) losses += loss;
      const errors = result.clipByValue(0, 1).mul(255).round()
        .sub(images.mul(255)).square().mean([1, 2, 3]).dataSync();
      for (const mse of errors) {
        decibels += finiteDb(10 * Math.log10(255 ** 2 / mse));
      }
    });
    photos += images.shape[0];
    images.dispose();
  }
  const [loss, psnr, count] = await sumOverWorkers([losses, decibels, photos]);
  return { validLoss: loss! / count!, validPsnrDb: psnr! / count! };
}

/**
 * Measures medium images that are made from high ones, on 8-bit pixels.
 *
 * @param pairs The validation split.
 * @param through High images to medium images, in 0..1.
 * @returns Mean PSNR in dB, and the mean squared error in squares of 0..1.
 */
export function measureFromHigh(
  pairs: Pairs,
  through: (high: tf.Tensor4D) => tf.Tensor4D,
): Validation {
  return measurePhotos(
    reconstruct(pairs, "high", through),
    originals(pairs, "medium"),
  );
}

/**
 * Measures photos on 8-bit pixels.
 *
 * @param photos At least one.
 * @param against Their originals.
 * @returns Mean PSNR in dB, and the mean squared error in squares of 0..1.
 */
export function measurePhotos(
  photos: readonly Pixels[],
  against: readonly Pixels[],
): Validation {
  const decibels = photos.map((photo, i) => psnr(photo.data, against[i]!.data));
  return {
    validLoss: mean(decibels.map((db) => 10 ** (-db / 10))),
    validPsnrDb: mean(decibels),
  };
}
