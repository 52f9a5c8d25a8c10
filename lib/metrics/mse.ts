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
    throw new RangeError(
      `Cannot compare ${a.length} samples with ${b.length}`,
    );
  }
  if (a.length === 0) throw new RangeError("Cannot compare 0 samples");
  let sum = 0; // an integer below 2^53 for any buffer up to 10^11 samples
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    sum += difference * difference;
  }
  return sum / a.length;
}
