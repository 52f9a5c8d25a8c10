/**
 * How good the medium image is that comes from the high code, during training.
 *
 * @module
 */

import type { Pairs } from "@/datasets/mod.ts";
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
  const images = originals(pairs, "medium");
  const decibels = reconstruct(pairs, "high", through)
    .map((photo, i) => psnr(photo.data, images[i]!.data));
  return {
    validLoss: mean(decibels.map((db) => 10 ** (-db / 10))),
    validPsnrDb: mean(decibels),
  };
}
