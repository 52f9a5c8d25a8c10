/**
 * A similarity of 0 to 1 on a decibel scale, `10 log10(1 / (1 - similarity))`.
 *
 * MS-SSIM of good codecs crowds between 0.95 and 1; papers plot it this way,
 * and Bjøntegaard deltas on MS-SSIM are integrated on this scale.
 *
 * @example
 * ```ts
 * import { toDecibels } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(toDecibels(0.99), 20);
 * ```
 *
 * @param similarity For example MS-SSIM, at most 1
 * @returns Decibels; `Infinity` for a similarity of 1
 * @throws {RangeError} If the similarity is over 1 or not a number
 */
export function toDecibels(similarity: number): number {
  if (!(similarity <= 1)) {
    throw new RangeError(`Similarity must be at most 1, got ${similarity}`);
  }
  return 10 * Math.log10(1 / (1 - similarity));
}
