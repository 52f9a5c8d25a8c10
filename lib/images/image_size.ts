/**
 * The size of an image file, without decoding it.
 *
 * @module
 */
import sharp from "sharp";
import { ImageError } from "./image_error.ts";

/**
 * Reads a file's header.
 *
 * @param path Where the file lies.
 * @returns Width and height in pixels, as the picture stands upright.
 * @throws {ImageError} If the file is missing, damaged or no image.
 * @example
 * ```ts
 * import { imageSize } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const size = await imageSize("data/starter/casa-mila.webp");
 * assertEquals(Math.min(size.width, size.height), 1024);
 * ```
 */
export async function imageSize(
  path: string,
): Promise<{ width: number; height: number }> {
  try {
    const { autoOrient } = await sharp(path).metadata();
    return autoOrient;
  } catch (error) {
    throw new ImageError(
      `Image "${path}" cannot be measured: ${(error as Error).message}`,
    );
  }
}
