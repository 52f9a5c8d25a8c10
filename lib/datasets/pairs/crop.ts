/**
 * From a photo to a pair of images.
 *
 * A crop is a square of the photo that is scaled down to the high size by
 * Lanczos. That is the same as scaling the whole photo down and cutting the
 * high size out of it, at a fraction of the work. A crop is never scaled up:
 * its side is at least the high size.
 *
 * @module
 */
import { cropImage, type Pixels, resizeImage } from "@/images/mod.ts";
import { type Random, randomInteger } from "@/random/seeded_random.ts";

/** A square in a photo, in pixels from the top left corner. */
export interface Crop {
  /** Columns to the left of it. */
  readonly left: number;
  /** Rows above it. */
  readonly top: number;
  /** Its width and height. */
  readonly side: number;
}

/** The same picture at two sizes. */
export interface ImagePair {
  /** `[highSize, highSize, 3]`, 0..255. */
  readonly high: Uint8Array;
  /** `[highSize / 2, highSize / 2, 3]`, 0..255. */
  readonly medium: Uint8Array;
}

/**
 * A crop for training: the photo scaled down by a random factor between 1 and
 * the largest that still leaves a whole crop, then cut at a random place. Small
 * factors give smooth surfaces, large ones whole scenes full of detail.
 *
 * @param width Width of the photo in pixels, at least `highSize`.
 * @param height Height of the photo in pixels, at least `highSize`.
 * @param highSize The side of the high image of a pair.
 * @param random Decides the factor and the place.
 * @returns A crop inside the photo.
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
 * A crop for validation and tests: the centre of the photo when its shorter side
 * is scaled to twice the high size, as on a page. Of a photo too small for that,
 * the centre unscaled.
 *
 * @param width Width of the photo in pixels, at least `highSize`.
 * @param height Height of the photo in pixels, at least `highSize`.
 * @param highSize The side of the high image of a pair.
 * @returns The crop, the same for every call.
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

/**
 * Cuts a crop, scales it to the high size, and that to half of it, both times
 * by Lanczos with three lobes.
 *
 * @param photo The whole photo.
 * @param crop A square inside it.
 * @param highSize The side of the high image, even; at most the crop's side.
 * @returns The pair.
 * @throws {RangeError} If the crop is not inside the photo.
 * @example
 * ```ts
 * import { cutPair } from "./crop.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const grey = { width: 9, height: 8, data: new Uint8Array(216).fill(50) };
 * const pair = await cutPair(grey, { left: 1, top: 0, side: 8 }, 4);
 * assertEquals(pair.high, new Uint8Array(48).fill(50));
 * assertEquals(pair.medium, new Uint8Array(12).fill(50));
 * ```
 */
export async function cutPair(
  photo: Pixels,
  crop: Crop,
  highSize: number,
): Promise<ImagePair> {
  const { left, top, side } = crop;
  const square = cropImage(photo, { left, top, width: side, height: side });
  const high = await resizeImage(square, highSize, highSize);
  const medium = await resizeImage(high, highSize / 2, highSize / 2);
  return { high: high.data, medium: medium.data };
}
