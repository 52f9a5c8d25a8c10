/**
 * Errors of 8-bit samples: mean squared error and PSNR.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";

/**
 * Mean squared error between two buffers of 8-bit samples.
 *
 * Channels are pooled: for RGB the mean runs over all `width * height * 3`
 * samples, which is what codec papers call PSNR-RGB when put on a log scale.
 *
 * @example
 * ```ts
 * import { mse } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(mse(Uint8Array.of(0, 10), Uint8Array.of(2, 10)), 2);
 * ```
 *
 * @param a Samples, 0 to 255
 * @param b Samples, 0 to 255, as many as in `a`
 * @returns Mean squared difference, 0 to 65025
 * @throws {RangeError} If the buffers are empty or differ in length
 */
export function mse(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) {
    throw invalid("b.length", `${a.length} like a.length`, b.length);
  }
  if (a.length === 0) throw invalid("a.length", "at least 1", 0);
  let sum = 0; // an integer below 2^53 for any buffer up to 10^11 samples
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    sum += difference * difference;
  }
  return sum / a.length;
}

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

/** What a photo without any loss counts as, in dB, so that means are finite. */
export const LOSSLESS_DB = 60;

/**
 * Limits a PSNR so that it can be averaged and written as JSON.
 *
 * @param decibels A PSNR in dB; may be infinite.
 * @returns At most 60 dB.
 */
export function finiteDb(decibels: number): number {
  return Math.min(LOSSLESS_DB, decibels);
}
