/**
 * From a photo and a crop to a pair of images.
 *
 * @module
 */
import { cropImage, type Pixels, resizeImage } from "@/images/mod.ts";
import type { Crop } from "./crop.ts";

/** The same picture at two sizes. */
export interface CutPair {
  /** `[highSize, highSize, 3]`, 0..255. */
  readonly high: Uint8Array;
  /** `[highSize / 2, highSize / 2, 3]`, 0..255. */
  readonly medium: Uint8Array;
}

/**
 * Cuts a crop, scales it to the high size, and that to half of it, both times
 * by Lanczos with three lobes.
 *
 * @param photo The whole photo.
 * @param crop A square inside it.
 * @param highSize Even; at most the crop's side.
 * @returns The pair.
 * @throws {ImageError} If the crop does not lie inside the photo.
 * @example
 * ```ts
 * import { cutPair } from "./cut_pair.ts";
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
): Promise<CutPair> {
  const { left, top, side } = crop;
  const square = cropImage(photo, { left, top, width: side, height: side });
  const high = await resizeImage(square, highSize, highSize);
  const medium = await resizeImage(high, highSize / 2, highSize / 2);
  return { high: high.data, medium: medium.data };
}
