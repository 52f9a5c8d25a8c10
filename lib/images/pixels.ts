/**
 * A photo in memory, in the form that all rooms share.
 *
 * @module
 */

/**
 * 8-bit sRGB pixels: interleaved RGB, row-major, top row first.
 *
 * @example
 * ```ts
 * import type { Pixels } from "./mod.ts";
 *
 * const red: Pixels = {
 *   width: 1,
 *   height: 1,
 *   data: new Uint8Array([255, 0, 0]),
 * };
 * ```
 */
export interface Pixels {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `width * height * 3` values, 0..255. */
  readonly data: Uint8Array;
}

/**
 * Adds an opaque alpha channel.
 *
 * @param rgb 3 values per pixel.
 * @returns 4 values per pixel, the last 255.
 */
export function withAlpha(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(rgb.length / 3 * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; to++) {
    rgba[to++] = rgb[from++]!;
    rgba[to++] = rgb[from++]!;
    rgba[to++] = rgb[from++]!;
  }
  return rgba;
}

/**
 * Removes the alpha channel.
 *
 * @param rgba 4 values per pixel.
 * @returns 3 values per pixel.
 */
export function withoutAlpha(rgba: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array(rgba.length / 4 * 3);
  for (let from = 0, to = 0; to < rgb.length; from++) {
    rgb[to++] = rgba[from++]!;
    rgb[to++] = rgba[from++]!;
    rgb[to++] = rgba[from++]!;
  }
  return rgb;
}
