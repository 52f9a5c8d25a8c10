/**
 * Pixels to a file on disk.
 *
 * @module
 */
import {
  encodeImage,
  type EncodeOptions,
  type ImageFormat,
} from "./encode_image.ts";
import { ImageError } from "./image_error.ts";
import type { Pixels } from "./pixels.ts";

const formats: Readonly<Record<string, ImageFormat>> = {
  png: "png",
  jpg: "jpeg",
  jpeg: "jpeg",
  webp: "webp",
};

/**
 * Writes pixels to a file whose ending names the format: `.png`, `.jpg`,
 * `.jpeg` or `.webp`. The file appears whole or not at all.
 *
 * @param path Where to write; its folder must exist.
 * @param pixels 8-bit sRGB.
 * @param options The quality of the lossy kinds.
 * @throws {ImageError} If the ending is another, or the file cannot be written.
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
      `Image "${path}" must end in .png, .jpg, .jpeg or .webp`,
    );
  }
  const bytes = await encodeImage(pixels, format, options);
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeFile(temporary, bytes);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw new ImageError(
      `Image "${path}" cannot be written: ${(error as Error).message}`,
    );
  }
}
