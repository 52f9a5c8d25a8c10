/**
 * Pixels to file bytes, by sharp (libvips).
 *
 * @module
 */
import { toBytes, toSharp } from "./_buffer.ts";
import { ImageError } from "./image_error.ts";
import type { Pixels } from "./pixels.ts";

/** The kinds of file that {@linkcode encodeImage} writes. */
export type ImageFormat = "png" | "jpeg" | "webp";

/** Settings of {@linkcode encodeImage}. */
export interface EncodeOptions {
  /** 1 (small) to 100 (fine), 90 by default; PNG is lossless and ignores it. */
  readonly quality?: number;
  /** WebP without any loss; the other formats ignore it. */
  readonly lossless?: boolean;
}

/**
 * Encodes pixels as a PNG, JPEG or WebP file, without metadata.
 *
 * @param pixels 8-bit sRGB.
 * @param format The kind of file.
 * @param options The quality of the lossy kinds.
 * @returns The whole file.
 * @throws {ImageError} If the quality or the pixels' size makes no sense, or
 * the picture is larger than the format allows.
 * @example
 * ```ts
 * import { encodeImage } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const dot = { width: 1, height: 1, data: new Uint8Array([1, 2, 3]) };
 * const png = await encodeImage(dot, "png");
 * assertEquals([...png.subarray(1, 4)], [0x50, 0x4e, 0x47]); // "PNG"
 * ```
 */
export async function encodeImage(
  pixels: Pixels,
  format: ImageFormat,
  options: EncodeOptions = {},
): Promise<Uint8Array> {
  const quality = options.quality ?? 90;
  if (!Number.isInteger(quality) || quality < 1 || quality > 100) {
    throw new ImageError(
      `Quality must be a whole number from 1 to 100, but it is ${quality}`,
    );
  }
  const image = toSharp(pixels);
  const encoded = format === "png"
    ? image.png()
    : format === "jpeg"
    ? image.jpeg({ quality })
    : image.webp({ quality, lossless: options.lossless ?? false });
  try {
    return toBytes(await encoded.toBuffer());
  } catch (error) {
    const { width, height } = pixels;
    throw new ImageError(
      `Image of ${width} by ${height} cannot be written as ${format}: ` +
        `${(error as Error).message.split("\n")[0]}`,
    );
  }
}
