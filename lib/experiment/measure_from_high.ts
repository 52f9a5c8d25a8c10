/**
 * How good images are during training, such as the medium image that comes from
 * the high code.
 *
 * @module
 */

import type { Pairs } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import type { tf } from "@/tensorflow/mod.ts";
import type { EpochRecord } from "@/training/mod.ts";
import { mean, originals, reconstruct } from "./reconstruct.ts";

/**
 * Measures medium images from high ones on 8-bit pixels.
 *
 * @param pairs At least one.
 * @param through High images to medium images, in 0..1.
 * @returns Mean PSNR in dB, and the mean squared error, in squares of 0..1.
 */
export function measureFromHigh(
  pairs: Pairs,
  through: (high: tf.Tensor4D) => tf.Tensor4D,
): Pick<EpochRecord, "validLoss" | "validPsnrDb"> {
  return measureValid(
    reconstruct(pairs, "high", through),
    originals(pairs, "medium"),
  );
}

/**
 * What an epoch's record says of photos, on 8-bit pixels.
 *
 * @param photos At least one.
 * @param against Their originals.
 * @returns Mean PSNR in dB, and the mean squared error, in squares of 0..1.
 */
export function measureValid(
  photos: readonly Pixels[],
  against: readonly Pixels[],
): Pick<EpochRecord, "validLoss" | "validPsnrDb"> {
  const decibels = photos.map((photo, i) => psnr(photo.data, against[i]!.data));
  return {
    validLoss: mean(decibels.map((db) => 10 ** (-db / 10))),
    validPsnrDb: mean(decibels),
  };
}
