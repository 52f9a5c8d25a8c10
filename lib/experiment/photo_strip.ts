/**
 * A few photos of one size in one small file, so that figures can be drawn
 * again without training.
 *
 * @module
 */

import {
  cropImage,
  encodePixels,
  type Pixels,
  readImage,
} from "@/images/mod.ts";
import { atomicWrite } from "@/files/atomic_write.ts";

/** High enough that a figure shows the photo and not this file's loss. */
const QUALITY = 95;

/**
 * Writes photos one below the other into a WebP file, or without any loss into
 * a PNG file: where few pixels are shown large, what WebP loses would show.
 *
 * @param path Where to; `.png` makes a PNG file.
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
  const format = path.endsWith(".png") ? "png" : "webp";
  const bytes = await encodePixels(strip, format, { quality: QUALITY });
  await atomicWrite(path, bytes);
}

/**
 * Reads what {@linkcode writeStrip} wrote: square photos.
 *
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
