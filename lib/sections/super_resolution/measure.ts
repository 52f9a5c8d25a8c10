/**
 * How good high images are that were made from less, and where to look.
 *
 * @module
 */

import type { Pairs } from "@/datasets/mod.ts";
import { measureQuality } from "@/experiment/measure.ts";
import type { Pixels, Rectangle } from "@/images/mod.ts";
import { haarPsi, mean } from "@/metrics/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type PairBatch, tensors, toPixels } from "@/training/mod.ts";
import type { EnlargedQuality } from "./types.ts";

/**
 * Passes pairs through a function that makes high images.
 *
 * @param pairs A split, such as the test photos.
 * @param enlarge Gives `[n, highSize, highSize, 3]`, about 0..1.
 * @returns The high image for each pair, in order.
 */
export function enlargePairs(
  pairs: Pairs,
  enlarge: (pair: PairBatch) => tf.Tensor4D,
): Pixels[] {
  const photos: Pixels[] = [];
  const mediums = tensors(pairs, "medium");
  for (const high of tensors(pairs, "high")) {
    const medium = mediums.next().value as tf.Tensor4D;
    const large = tf.tidy(() => enlarge({ high, medium }));
    photos.push(...toPixels(large));
    tf.dispose([high, medium, large]);
  }
  return photos;
}

/**
 * Measures photos against their originals, on 8-bit pixels.
 *
 * @param photos High images.
 * @param against Their originals, of the same sizes.
 * @returns Means over the photos.
 */
export function measureEnlarged(
  photos: readonly Pixels[],
  against: readonly Pixels[],
): EnlargedQuality {
  return {
    ...measureQuality(photos, against),
    haarPsi: mean(photos.map((photo, i) => haarPsi(photo, against[i]!))),
    sharpness: mean(
      photos.map((photo, i) => meanStep(photo) / meanStep(against[i]!)),
    ),
  };
}

/** The mean absolute difference between neighbours in both directions. */
function meanStep({ width, height, data }: Pixels): number {
  let sum = 0, count = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      for (let colour = at; colour < at + 3; colour++) {
        if (x + 1 < width) {
          sum += Math.abs(data[colour + 3]! - data[colour]!);
          count++;
        }
        if (y + 1 < height) {
          sum += Math.abs(data[colour + width * 3]! - data[colour]!);
          count++;
        }
      }
    }
  }
  return sum / count;
}

/** Distance between the squares that are compared, in pixels. */
const STRIDE = 4;

/**
 * The square of a photo with the largest squared error, which shows the most.
 *
 * @param photo At least as large as the square.
 * @param against Its original.
 * @param side Side of the square in pixels.
 */
export function worstSquare(
  photo: Pixels,
  against: Pixels,
  side: number,
): Rectangle {
  const { width, height } = photo;
  let worst = { left: 0, top: 0 }, most = -1;
  for (let top = 0; top + side <= height; top += STRIDE) {
    for (let left = 0; left + side <= width; left += STRIDE) {
      let sum = 0;
      for (let y = top; y < top + side; y++) {
        const end = (y * width + left + side) * 3;
        for (let at = (y * width + left) * 3; at < end; at++) {
          sum += (photo.data[at]! - against.data[at]!) ** 2;
        }
      }
      if (sum > most) [most, worst] = [sum, { left, top }];
    }
  }
  return { ...worst, width: side, height: side };
}
