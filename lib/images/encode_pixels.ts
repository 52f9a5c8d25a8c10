/**
 * Pixels to image files, by sharp (libvips).
 *
 * @module
 */
import { requireWhole } from "@/errors/invalid.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { ImageError } from "./image_error.ts";
import type { Pixels } from "./pixels.ts";
import { toBytes, toSharp } from "./sharp_pixels.ts";

/** The formats that {@linkcode encodePixels} writes. */
export type ImageFormat = "png" | "jpeg" | "webp";

/** Choices of {@linkcode encodePixels}. */
export interface EncodeOptions {
  /** 1 (small) to 100 (fine), 90 by default; PNG is lossless and ignores it. */
  readonly quality?: number;
  /** Lossless WebP; other formats ignore it. */
  readonly lossless?: boolean;
}

/** The longest side of a format; PNG's is beyond what fits into memory. */
const longest: Readonly<Record<ImageFormat, number>> = {
  png: Infinity,
  jpeg: 65_500,
  webp: 16_383,
};

const formats: Readonly<Record<string, ImageFormat>> = {
  png: "png",
  jpg: "jpeg",
  jpeg: "jpeg",
  webp: "webp",
};

/**
 * Encodes pixels as a PNG, JPEG or WebP file, without metadata.
 *
 * @param pixels 8-bit sRGB.
 * @param format The format of the file.
 * @param options The quality of the lossy formats.
 * @returns The whole file.
 * @throws {RangeError} If the quality or the size of the pixels is invalid.
 * @throws {ImageError} If the format does not allow images of this size.
 * @example
 * ```ts
 * import { encodePixels } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const dot = { width: 1, height: 1, data: new Uint8Array([1, 2, 3]) };
 * const png = await encodePixels(dot, "png");
 * assertEquals([...png.subarray(1, 4)], [0x50, 0x4e, 0x47]); // "PNG"
 * ```
 */
export async function encodePixels(
  pixels: Pixels,
  format: ImageFormat,
  options: EncodeOptions = {},
): Promise<Uint8Array> {
  const { quality = 90, lossless = false } = options;
  requireWhole("quality", quality, 1, 100);
  const { width, height } = pixels;
  if (Math.max(width, height) > longest[format]) {
    throw new ImageError(
      `Image of ${width} by ${height} pixels is too large for ${format}, whose ` +
        `sides have at most ${longest[format]} pixels.`,
    );
  }
  const image = toSharp(pixels);
  const encoded = format === "png"
    ? image.png()
    : format === "jpeg"
    ? image.jpeg({ quality, mozjpeg: true })
    : image.webp({ quality, lossless });
  try {
    return toBytes(await encoded.toBuffer());
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0]!.trim();
    throw new ImageError(
      `Image of ${width} by ${height} could not be encoded as ${format}: ` +
        `${reason}.`,
    );
  }
}

/**
 * Writes pixels to a file in the format that its name ends with: `.png`,
 * `.jpg`, `.jpeg` or `.webp`. The file appears complete or not at all.
 *
 * @param path The file to write.
 * @param pixels 8-bit sRGB.
 * @param options The quality of the lossy formats.
 * @throws {ImageError} If the name ends differently.
 * @throws {UserError} If the file cannot be written.
 * @example
 * ```ts
 * import { readImage, writeImage } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const dot = { width: 1, height: 1, data: new Uint8Array([1, 2, 3]) };
 * await writeImage(`${folder}/dot.png`, dot);
 * assertEquals(await readImage(`${folder}/dot.png`), dot);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeImage(
  path: string,
  pixels: Pixels,
  options: EncodeOptions = {},
): Promise<void> {
  const format = formats[path.split(".").pop()?.toLowerCase() ?? ""];
  if (format === undefined) {
    throw new ImageError(
      `Image "${path}" must end in .png, .jpg, .jpeg or .webp.`,
    );
  }
  await atomicWrite(path, await encodePixels(pixels, format, options));
}
