/**
 * The size and the quality of a codec's file.
 *
 * @module
 */
import type { Pixels } from "@/images/mod.ts";
import { msSsim, msSsimScales, psnr } from "@/metrics/mod.ts";
import type { BaselinePoint, Codec } from "./codec.ts";

/**
 * Measures a file that a codec made of an image.
 *
 * The file is decoded again and compared sample by sample. MS-SSIM has five
 * scales from 161x161 pixels and fewer below (`msSsimScales`).
 *
 * @example
 * ```ts
 * import { encodeNearSize, jpeg, measureFile } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => i % 251);
 * const photo = { width: 64, height: 64, data };
 * const file = await encodeNearSize(jpeg, photo, 2000);
 * const point = await measureFile(jpeg, photo, file);
 * assertEquals(point.bpp, file.bytes.length * 8 / (64 * 64));
 * ```
 *
 * @param codec The codec that made the file
 * @param pixels The image before encoding, at least 11x11 pixels
 * @param file The file and the quality it was made with
 * @returns Rate, PSNR and MS-SSIM
 * @throws {RangeError} If the image is under 11x11 pixels or the decoded image
 *   has another size
 */
export async function measureFile(
  codec: Codec,
  pixels: Pixels,
  file: { readonly quality: number; readonly bytes: Uint8Array },
): Promise<BaselinePoint> {
  const { width, height } = pixels;
  const scales = msSsimScales(width, height);
  if (scales === 0) {
    throw new RangeError(
      `A point needs at least 11x11 pixels, got ${width}x${height}.`,
    );
  }
  const decoded = await codec.decode(file.bytes);
  const bytes = file.bytes.length;
  return {
    codec: codec.name,
    quality: file.quality,
    bytes,
    bpp: 8 * bytes / (width * height),
    msssim: msSsim(pixels, decoded, { scales }),
    psnrDb: psnr(pixels.data, decoded.data),
  };
}
