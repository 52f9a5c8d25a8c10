/**
 * Which part of a photo becomes a pair.
 *
 * A crop is a square of the photo that is scaled down to the high size by
 * Lanczos. That is the same as scaling the whole photo down and cutting the
 * high size out of it, at a fraction of the work. A crop is never scaled up:
 * its side is at least the high size.
 *
 * @module
 */
import { type Random, randomInteger } from "@/random/seeded_random.ts";

/** A square in a photo, in pixels from the top left corner. */
export interface Crop {
  /** Columns left of it. */
  readonly left: number;
  /** Rows above it. */
  readonly top: number;
  /** Its width and height. */
  readonly side: number;
}

/**
 * A crop to learn from: the photo scaled down by a random factor between 1 and
 * the largest that still leaves a whole crop, then cut at a random place. Small
 * factors give smooth surfaces, large ones whole scenes full of detail.
 *
 * @param width Of the photo, at least `highSize`.
 * @param height Of the photo, at least `highSize`.
 * @param highSize The side of the high image of a pair.
 * @param random Decides.
 * @returns A crop that lies inside the photo.
 * @example
 * ```ts
 * import { randomCrop } from "./crop.ts";
 * import { seededRandom } from "@/random/seeded_random.ts";
 * import { assert } from "@std/assert";
 *
 * const { left, side } = randomCrop(2040, 1356, 344, seededRandom(1));
 * assert(side >= 344 && side <= 1356 && left + side <= 2040);
 * ```
 */
export function randomCrop(
  width: number,
  height: number,
  highSize: number,
  random: Random,
): Crop {
  const side = randomInteger(random, highSize, Math.min(width, height));
  const left = randomInteger(random, 0, width - side);
  const top = randomInteger(random, 0, height - side);
  return { left, top, side };
}

/**
 * A crop to measure on: the centre of the photo as it would stand on a page,
 * its shorter side scaled to twice the high size. A photo too small for that
 * gives its centre unscaled.
 *
 * @param width Of the photo, at least `highSize`.
 * @param height Of the photo, at least `highSize`.
 * @param highSize The side of the high image of a pair.
 * @returns The same crop at every call.
 * @example
 * ```ts
 * import { centreCrop } from "./crop.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(centreCrop(1536, 1024, 344), { left: 512, top: 256, side: 512 });
 * assertEquals(centreCrop(400, 344, 344), { left: 28, top: 0, side: 344 });
 * ```
 */
export function centreCrop(
  width: number,
  height: number,
  highSize: number,
): Crop {
  const side = Math.max(highSize, Math.round(Math.min(width, height) / 2));
  return {
    left: Math.floor((width - side) / 2),
    top: Math.floor((height - side) / 2),
    side,
  };
}
