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
