/**
 * From a quality to the trade-off between bits and errors.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";

/** λ of the lowest quality. */
const LOWEST = 0.0004;

/** λ of the highest quality. */
const HIGHEST = 0.06;

/**
 * The weight of the medium image's mean squared error, relative to the high
 * image's. It has a quarter of the pixels, so each pixel counts the same.
 */
export const MEDIUM_SHARE = 0.25;

/**
 * The level of a quality, which the networks are given.
 *
 * @param quality A whole number in 1..100.
 * @returns 0..1.
 * @throws {RangeError} If it is not a quality.
 *
 * @example
 * ```ts
 * import { levelOf } from "./quality.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([levelOf(1), levelOf(100)], [0, 1]);
 * ```
 */
export function levelOf(quality: number): number {
  if (!Number.isInteger(quality) || quality < 1 || quality > 100) {
    throw invalid("quality", "a whole number in 1..100", quality);
  }
  return (quality - 1) / 99;
}

/**
 * λ: the cost of errors, in bits per pixel for a mean squared error of 1 of
 * values in 0..255.
 *
 * @param level The quality in 0..1.
 * @returns λ, in 0.0004..0.06.
 */
export function lambdaAt(level: number): number {
  return LOWEST * (HIGHEST / LOWEST) ** level;
}

/**
 * The best step of a uniform quantiser for λ if steps are small, for the
 * coefficients of an orthonormal transform of values in 0..255.
 *
 * The error of a step s is s² / 12, and the rate of three colours falls by
 * 3 log2(s) bits; the sum is minimal at s² = 18 / (ln 2 · λ). H. Gish and J.
 * Pierce, "Asymptotically Efficient Quantizing", 1968.
 *
 * @param lambda λ, in bits per pixel for a mean squared error of 1.
 * @returns The step.
 *
 * @example
 * ```ts
 * import { bestStep } from "./quality.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(bestStep(18 / Math.LN2), 1, 1e-12);
 * ```
 */
export function bestStep(lambda: number): number {
  return Math.sqrt(18 / (Math.LN2 * lambda));
}
