import { mse } from "./mse.ts";

/**
 * Peak signal-to-noise ratio of 8-bit samples, `10 log10(255² / mse)`.
 *
 * @example
 * ```ts
 * import { psnr } from "./mod.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const photo = Uint8Array.of(10, 20, 30);
 * assertAlmostEquals(psnr(photo, Uint8Array.of(11, 21, 31)), 48.1308, 1e-4);
 * assertEquals(psnr(photo, photo), Infinity);
 * ```
 *
 * @param a Samples, 0 to 255
 * @param b Samples, 0 to 255, as many as in `a`
 * @returns Decibels, 0 or more; `Infinity` where the buffers are equal
 * @throws {RangeError} If the buffers are empty or differ in length
 */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  return 10 * Math.log10(255 * 255 / mse(a, b));
}

/** What a photo without any loss counts as, in dB: a mean stays finite. */
const LOSSLESS_DB = 60;

/**
 * Limits a PSNR so that it can be averaged and written as JSON.
 *
 * @param decibels A PSNR in dB; may be infinite.
 * @returns At most 60 dB.
 */
export function finiteDb(decibels: number): number {
  return Math.min(LOSSLESS_DB, decibels);
}
