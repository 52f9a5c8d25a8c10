/**
 * Pixels to sharp's buffers and back, without a copy.
 *
 * @module
 */
import sharp, { type Sharp } from "sharp";

import { invalid, requireWhole } from "@/errors/invalid.ts";
import type { Pixels } from "./pixels.ts";

/**
 * Bytes that native code may read. Shared memory is copied first, because
 * another thread may be writing it.
 *
 * @param bytes Any bytes.
 * @returns The same bytes, if possible without a copy.
 */
export function toUnshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
}

/**
 * Views a buffer as plain bytes.
 *
 * @param buffer A buffer of Node.js.
 * @returns The same memory as a `Uint8Array`.
 */
export function toBytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/**
 * Passes pixels to sharp, after a check of their size.
 *
 * @param pixels 8-bit sRGB.
 * @returns An image that sharp can resize or encode.
 * @throws {RangeError} If the size is invalid or does not match the data.
 */
export function toSharp({ width, height, data }: Pixels): Sharp {
  requireWhole("width", width, 1);
  requireWhole("height", height, 1);
  if (data.length !== width * height * 3) {
    throw invalid(
      `The data of ${width} by ${height} pixels`,
      `${width * height * 3} values`,
      data.length,
    );
  }
  return sharp(toUnshared(data), { raw: { width, height, channels: 3 } });
}

/**
 * Versions of the libraries that decode, scale and encode images.
 *
 * @returns Versions by name, such as `vips`: everything that can change pixels.
 */
export function imageVersions(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(sharp.versions as Record<string, string>).sort(),
  );
}
