/**
 * A file on disk to pixels.
 *
 * @module
 */
import { decodeImage } from "./decode_image.ts";
import { ImageError } from "./image_error.ts";
import type { Pixels } from "./pixels.ts";

/**
 * Reads an image file. See {@linkcode decodeImage} for what is read and how.
 *
 * @param path Where the file lies.
 * @returns Pixels, `width * height * 3` values in 0..255.
 * @throws {ImageError} If the file is missing, damaged or of another kind; the
 * message names it.
 * @example
 * ```ts
 * import { readImage } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const photo = await readImage("data/starter/alpaca.webp");
 * assertEquals(photo.data.length, photo.width * photo.height * 3);
 * ```
 */
export async function readImage(path: string): Promise<Pixels> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw new ImageError(
      error instanceof Deno.errors.NotFound
        ? `Image "${path}" does not exist`
        : `Image "${path}" cannot be opened: ${(error as Error).message}`,
    );
  }
  try {
    return await decodeImage(bytes);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ImageError(error.message.replace("Image", `Image "${path}"`));
  }
}
