/**
 * Scales pixels, by sharp (libvips).
 *
 * @see https://www.libvips.org/API/current/method.Image.resize.html
 * @module
 */
import { requireWhole } from "@/errors/invalid.ts";
import type { Pixels } from "./pixels.ts";
import { toBytes, toSharp } from "./sharp_pixels.ts";

/**
 * Scales pixels to a width and a height; the sides may scale differently.
 *
 * Scaling down widens the kernel, so nothing aliases. When a side shrinks more
 * than fourfold, libvips averages whole blocks first and leaves the last
 * factor of two or more to the kernel.
 *
 * @param pixels 8-bit sRGB.
 * @param width Width of the result in pixels.
 * @param height Height of the result in pixels.
 * @param kernel Lanczos with three lobes (the default) or bicubic.
 * @returns New pixels, `width * height * 3` values.
 * @throws {RangeError} If a size is not a whole number of at least 1.
 * @example
 * ```ts
 * import { resizeImage } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const grey = { width: 4, height: 4, data: new Uint8Array(48).fill(99) };
 * const half = await resizeImage(grey, 2, 2);
 * assertEquals(half, { width: 2, height: 2, data: half.data.fill(99) });
 * ```
 */
export async function resizeImage(
  pixels: Pixels,
  width: number,
  height: number,
  kernel: "lanczos3" | "cubic" = "lanczos3",
): Promise<Pixels> {
  requireWhole("width", width, 1);
  requireWhole("height", height, 1);
  const image = toSharp(pixels);
  if (width === pixels.width && height === pixels.height) {
    return { width, height, data: pixels.data.slice() };
  }
  const data = await image
    .resize(width, height, { fit: "fill", kernel })
    .raw()
    .toBuffer();
  return { width, height, data: toBytes(data) };
}

/**
 * Scales pixels to half their width and height, rounded up, by Lanczos.
 *
 * @param pixels 8-bit sRGB.
 * @returns New pixels.
 * @example
 * ```ts
 * import { halveImage } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const grey = { width: 4, height: 3, data: new Uint8Array(36).fill(99) };
 * const { width, height } = await halveImage(grey);
 * assertEquals([width, height], [2, 2]);
 * ```
 */
export async function halveImage(pixels: Pixels): Promise<Pixels> {
  const { width, height } = pixels;
  return await resizeImage(pixels, Math.ceil(width / 2), Math.ceil(height / 2));
}
