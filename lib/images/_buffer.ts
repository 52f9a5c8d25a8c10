/**
 * The door between our plain arrays and sharp's buffers, without a copy.
 *
 * @module
 */
import sharp, { type Sharp } from "sharp";

import { ImageError } from "./image_error.ts";
import type { Pixels } from "./pixels.ts";

/**
 * Bytes that native code may read. Shared memory is copied first, because
 * another thread may be writing it.
 */
export function toUnshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
}

/** Sees a buffer as plain bytes. */
export function toBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** Hands pixels to sharp, after checking that their size is what they say. */
export function toSharp(pixels: Pixels): Sharp {
  const { width, height, data } = pixels;
  if (!isLength(width) || !isLength(height)) {
    throw new ImageError(
      `Pixels must be at least 1 by 1, but they are ${width} by ${height}`,
    );
  }
  if (data.length !== width * height * 3) {
    throw new ImageError(
      `Pixels of ${width} by ${height} need ${width * height * 3} values, ` +
        `but there are ${data.length}`,
    );
  }
  return sharp(toUnshared(data), { raw: { width, height, channels: 3 } });
}

/** Whether a number can be the width or the height of an image. */
export function isLength(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
