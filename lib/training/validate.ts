/**
 * How good a network's images are while it is trained, on the validation split.
 * Both the mean squared error and the PSNR are those of 8-bit pixels, as they
 * are reported in the end, so that the curves of all networks compare.
 *
 * @module
 */

import type { Pairs, PairSize } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { finiteDb, mean, mse, psnr } from "@/metrics/mod.ts";
import { sumOverWorkers, tf } from "@/tensorflow/mod.ts";
import { workerShare } from "./agreement.ts";
import { tensors, toPixels } from "./images.ts";
import type { Validation } from "./records.ts";

/**
 * Measures the images that a network makes of the validation split; each worker
 * of a cluster takes some of them.
 *
 * @param pairs The validation split; at least one pair.
 * @param from Which image of each pair the network takes.
 * @param to Which image it should make of it.
 * @param through Takes `[n, side, side, 3]` in 0..1, gives the same of the
 * other side.
 * @returns The mean squared error in squares of 0..1, and the mean PSNR in dB.
 */
export async function validateImages(
  pairs: Pairs,
  from: PairSize,
  to: PairSize,
  through: (images: tf.Tensor4D) => tf.Tensor4D,
): Promise<Validation> {
  const sums = [0, 0, 0];
  const targets = tensors(pairs, to, 1, workerShare());
  for (const images of tensors(pairs, from, 1, workerShare())) {
    const target = targets.next().value as tf.Tensor4D;
    const result = tf.tidy(() => through(images));
    const { validLoss, validPsnrDb } = validatePhotos(
      toPixels(result),
      toPixels(target),
    );
    const [n] = images.shape;
    [validLoss * n, validPsnrDb * n, n].forEach((part, i) => sums[i]! += part);
    tf.dispose([images, target, result]);
  }
  const [loss, decibels, count] = await sumOverWorkers(sums);
  return { validLoss: loss! / count!, validPsnrDb: decibels! / count! };
}

/**
 * Measures photos against their originals.
 *
 * @param photos At least one.
 * @param against Their originals.
 * @returns The mean squared error in squares of 0..1, and the mean PSNR in dB;
 * a photo without any loss counts as 60 dB.
 */
export function validatePhotos(
  photos: readonly Pixels[],
  against: readonly Pixels[],
): Validation {
  const each = photos.map(({ data }, i) => ({
    error: mse(data, against[i]!.data) / 255 ** 2,
    decibels: finiteDb(psnr(data, against[i]!.data)),
  }));
  return {
    validLoss: mean(each.map(({ error }) => error)),
    validPsnrDb: mean(each.map(({ decibels }) => decibels)),
  };
}
