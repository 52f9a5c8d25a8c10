/**
 * A few photos of one size in one small file, so that figures can be drawn
 * again without training.
 *
 * @module
 */

import { cropImage, type Pixels, readImage, writeImage } from "@/images/mod.ts";

/** High enough that a figure does not show the loss of this file. */
const QUALITY = 95;

/**
 * Writes photos one below the other into a WebP file, or into a PNG file
 * without any loss: where few pixels are shown large, WebP's loss would be
 * visible.
 *
 * @param path The file; `.png` makes a PNG file.
 * @param photos At least one, all of one size.
 */
export async function writeStrip(
  path: string,
  photos: readonly Pixels[],
): Promise<void> {
  const { width, height } = photos[0]!;
  const data = new Uint8Array(photos.length * width * height * 3);
  photos.forEach((photo, i) => data.set(photo.data, i * width * height * 3));
  const strip = { width, height: height * photos.length, data };
  await writeImage(path, strip, { quality: QUALITY });
}

/**
 * Reads what {@linkcode writeStrip} wrote: square photos.
 *
 * @param path The file.
 * @returns The photos from top to bottom.
 * @throws {ImageError} When the file is missing or broken.
 */
export async function readStrip(path: string): Promise<Pixels[]> {
  const strip = await readImage(path);
  const side = strip.width;
  return Array.from(
    { length: strip.height / side },
    (_, i) =>
      cropImage(strip, { left: 0, top: i * side, width: side, height: side }),
  );
}
