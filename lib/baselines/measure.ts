import type { Pixels } from "@/images/mod.ts";
import type { BaselinePoint, Codec } from "./codec.ts";
import { measureFile } from "./measure_file.ts";

/**
 * Encodes an image, decodes the file and measures both.
 *
 * @example
 * ```ts
 * import { jpeg, measure } from "./mod.ts";
 * import { assert } from "@std/assert";
 *
 * const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => i % 251);
 * const photo = { width: 64, height: 64, data };
 * const [poor, good] = [
 *   await measure(jpeg, photo, 20),
 *   await measure(jpeg, photo, 90),
 * ];
 * assert(good.bpp > poor.bpp && good.psnrDb > poor.psnrDb);
 * ```
 *
 * @param codec Any {@linkcode Codec}
 * @param pixels The image, at least 11x11 pixels
 * @param quality Within the codec's range
 * @throws {RangeError} If the quality is outside of the codec's range or the
 *   image is under 11x11 pixels
 */
export async function measure(
  codec: Codec,
  pixels: Pixels,
  quality: number,
): Promise<BaselinePoint> {
  const bytes = await codec.encode(pixels, quality);
  return measureFile(codec, pixels, { quality, bytes });
}
