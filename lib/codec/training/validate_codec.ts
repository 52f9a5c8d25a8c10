/**
 * The codec's networks on validation photos while they are trained: losses and
 * decoded photos.
 *
 * @module
 */

import type { Pairs } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { finiteDb, mean } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { readScalars, toPixels, type Validation } from "@/training/mod.ts";
import { type CodecBatch, onePair } from "./codec_batch.ts";
import { codecPass } from "./objective.ts";

/** Levels that are validated. */
const LEVELS = [0.2, 0.5, 0.8];

/**
 * Measures rates and errors of the validation photos.
 *
 * @param pairs The photos.
 * @param check Gives the losses of a batch by name.
 * @returns The loss, PSNR of the high images in dB, and rates and PSNR of the
 * medium images as parts.
 */
export function validateCodec(
  pairs: Pairs,
  check: (batch: CodecBatch) => Record<string, tf.Scalar>,
): Validation {
  const found: Record<string, number>[] = [];
  for (let i = 0; i < pairs.count; i++) {
    for (const level of LEVELS) {
      const batch = onePair(pairs, i, level);
      found.push(readScalars(check(batch)));
      tf.dispose({ ...batch });
    }
  }
  return meansOfParts(found, {
    mediumPsnrDb: "mediumMse",
    thumbnailPsnrDb: "thumbnailMse",
  });
}

/**
 * Averages the parts of several losses.
 *
 * @param found The parts of each loss by name, with `loss`, `highMse` and rates.
 * @param psnr The names of further mean squared errors, by the name of their
 * PSNR.
 * @returns Means; a PSNR is the mean of those of the losses.
 */
export function meansOfParts(
  found: readonly Record<string, number>[],
  psnr: Readonly<Record<string, string>> = {},
): Validation {
  const meanOf = (name: string, change = (x: number) => x) =>
    mean(found.map((parts) => change(parts[name]!)));
  const decibels = (mse: number) => finiteDb(10 * Math.log10(255 ** 2 / mse));
  return {
    validLoss: meanOf("loss"),
    validPsnrDb: meanOf("highMse", decibels),
    parts: {
      bpp: meanOf("bpp"),
      mediumBpp: meanOf("mediumBpp"),
      hyperBpp: meanOf("hyperBpp"),
      ...Object.fromEntries(
        Object.entries(psnr).map((
          [name, mse],
        ) => [name, meanOf(mse, decibels)]),
      ),
    },
  };
}

/** The first validation photo: the original, then at each level. */
export interface CodecImages {
  /** Names of the images of each list. */
  readonly names: readonly string[];
  /** The high image. */
  readonly high: readonly Pixels[];
  /** The medium image. */
  readonly medium: readonly Pixels[];
}

/**
 * Passes the first validation photo through the networks.
 *
 * @param pairs The photos.
 * @param weights The networks' weights by name.
 * @returns The original and what the networks make of it.
 */
export function codecImages(
  pairs: Pairs,
  weights: (name: string) => tf.Tensor,
): CodecImages {
  const { highSize, mediumSize } = pairs;
  const pixels = (side: number, data: Uint8Array): Pixels => {
    return { width: side, height: side, data };
  };
  const high = [pixels(highSize, pairs.high(0))];
  const medium = [pixels(mediumSize, pairs.medium(0))];
  for (const level of LEVELS) {
    tf.tidy(() => {
      const pass = codecPass(onePair(pairs, 0, level), weights);
      high.push(...toPixels(pass.high));
      medium.push(...toPixels(pass.medium));
    });
  }
  const names = ["Original", ...LEVELS.map((level) => `Level ${level}`)];
  return { names, high, medium };
}
