/**
 * File bytes to pixels, by sharp (libvips).
 *
 * Photos come in many shapes: turned by an EXIF tag, grey, CMYK, 16 bits deep,
 * with an ICC profile, with transparency. All of them leave here as upright
 * 8-bit sRGB, so that no other part of the project has to know.
 *
 * @see https://sharp.pixelplumbing.com/api-constructor
 * @module
 */
import sharp, { type Sharp } from "sharp";

import { toBytes, toUnshared } from "./_buffer.ts";
import { ImageError } from "./image_error.ts";
import type { Pixels } from "./pixels.ts";

const readable = new Set(["jpeg", "png", "webp", "avif", "tiff"]);

/**
 * Decodes a JPEG, PNG, WebP, AVIF or TIFF file into 8-bit sRGB pixels.
 *
 * - The EXIF orientation is applied: the picture stands upright.
 * - Grey becomes RGB, CMYK and colours with an ICC profile become sRGB.
 * - 16 bits a channel become 8.
 * - Transparency is laid on white.
 * - Of several pages or frames the first is taken.
 *
 * @param bytes The whole file.
 * @returns Pixels, `width * height * 3` values in 0..255.
 * @throws {ImageError} If the bytes are not such a file, or are damaged.
 * @example
 * ```ts
 * import { decodeImage, encodeImage } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const dot = { width: 1, height: 1, data: new Uint8Array([1, 2, 3]) };
 * assertEquals(await decodeImage(await encodeImage(dot, "png")), dot);
 * ```
 */
export async function decodeImage(bytes: Uint8Array): Promise<Pixels> {
  if (bytes.length === 0) throw new ImageError("Image is empty");
  const image = sharp(toUnshared(bytes), { failOn: "error" });
  const format = await formatOf(image);
  if (!readable.has(format)) {
    throw new ImageError(
      `Image format "${format}" is not one of JPEG, PNG, WebP, AVIF and TIFF`,
    );
  }
  try {
    const { data, info } = await image
      .autoOrient()
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: toBytes(data) };
  } catch (error) {
    throw new ImageError(`Image is damaged: ${reason(error)}`);
  }
}

async function formatOf(image: Sharp): Promise<string> {
  try {
    const { format, compression } = await image.metadata();
    return format === "heif" && compression === "av1" ? "avif" : format;
  } catch (error) {
    throw new ImageError(`Image cannot be read: ${reason(error)}`);
  }
}

/** The first line of libvips' own words, which may run over several. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? "").trim();
}
