/**
 * Files of a wanted size.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import type { Pixels } from "@/images/mod.ts";
import type { Codec } from "./codec.ts";

/** The file of a codec that is nearest to a wanted size. */
export interface NearSize {
  /** The codec's quality that gave the file. */
  readonly quality: number;
  /** The file. */
  readonly bytes: Uint8Array;
  /**
   * `"within"` if the wanted size is between the codec's smallest and
   * largest file of this image; `"below"` or `"above"` if it is out of reach,
   * in which case the file is the smallest or the largest.
   */
  readonly reach: "below" | "within" | "above";
}

/** Number of halvings of the quality; more make no difference to the size. */
const halvings = 16;

/**
 * Encodes an image so that the file is as near as possible to a wanted size.
 *
 * Bisects over quality, assuming that a better quality gives no smaller file,
 * and keeps the nearest file found; of two equally near ones the smaller. Codecs
 * with whole qualities may miss by several percent.
 *
 * @example
 * ```ts
 * import { encodeNearSize, jpeg } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => i % 251);
 * const photo = { width: 64, height: 64, data };
 * const { reach } = await encodeNearSize(jpeg, photo, 20);
 * assertEquals(reach, "below"); // no JPEG file is that small
 * ```
 *
 * @param codec Any {@linkcode Codec}
 * @param pixels The image
 * @param bytes Wanted size of the file in bytes, positive
 * @returns The file, its quality, and whether the size is within reach
 * @throws {RangeError} If the wanted size is not a positive number
 */
export async function encodeNearSize(
  codec: Codec,
  pixels: Pixels,
  bytes: number,
): Promise<NearSize> {
  if (!(bytes > 0 && bytes < Infinity)) {
    throw invalid("bytes", "positive", bytes);
  }
  const { range } = codec;
  const encode = async (quality: number): Promise<Omit<NearSize, "reach">> => ({
    quality,
    bytes: await codec.encode(pixels, quality),
  });
  let [low, high] = [await encode(range.low), await encode(range.high)];
  if (bytes < low.bytes.length) return { ...low, reach: "below" };
  if (bytes > high.bytes.length) return { ...high, reach: "above" };
  const miss = (file: Omit<NearSize, "reach">): number =>
    Math.abs(file.bytes.length - bytes);
  let best = miss(low) <= miss(high) ? low : high;
  for (let i = 0; i < halvings && miss(best) > 0; i++) {
    const middle = (low.quality + high.quality) / 2;
    const quality = range.whole ? Math.floor(middle) : middle;
    if (quality === low.quality) break;
    const file = await encode(quality);
    const closer = miss(file) - miss(best);
    if (closer < 0 || (closer === 0 && file.bytes.length < bytes)) best = file;
    if (file.bytes.length <= bytes) low = file;
    else high = file;
  }
  return { ...best, reach: "within" };
}
