/**
 * From a quality to the trade between bits and errors.
 *
 * @module
 */

/** λ of the lowest quality. */
const LOWEST = 0.0004;

/** λ of the highest quality. */
const HIGHEST = 0.06;

/**
 * What an error of the medium image counts beside one of the high: as there are
 * a quarter as many pixels, each counts as much.
 */
export const MEDIUM_SHARE = 0.25;

/**
 * The level of a quality.
 *
 * @param quality 1..100.
 * @returns 0..1.
 * @throws {RangeError} When there is no such quality.
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
    throw new RangeError(
      `Quality must be a whole number within 1..100, but it is ${quality}.`,
    );
  }
  return (quality - 1) / 99;
}

/**
 * λ: what an error costs, in bits a pixel for a mean squared error of 1 on
 * 0..255.
 *
 * @param level 0..1.
 */
export function lambdaAt(level: number): number {
  return LOWEST * (HIGHEST / LOWEST) ** level;
}

/**
 * The step of a uniform quantiser that is best for λ where steps are small.
 *
 * The error of a step s is s² / 12, and the rate of three colours falls by
 * 3 log2(s) bits; the sum is least at s² = 18 / (ln 2 · λ). H. Gish and J.
 * Pierce, "Asymptotically Efficient Quantizing", 1968.
 *
 * @returns The step, for coefficients of an orthonormal transform of 0..255.
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

/**
 * How much each anchor counts at a level: linear between the two next ones.
 *
 * @param level 0..1.
 * @param anchors How many there are, evenly spread from 0 to 1.
 * @returns One weight an anchor; their sum is 1.
 *
 * @example
 * ```ts
 * import { anchorWeights } from "./quality.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(anchorWeights(0.75, 3), [0, 0.5, 0.5]);
 * ```
 */
export function anchorWeights(level: number, anchors: number): number[] {
  const place = level * (anchors - 1);
  return Array.from(
    { length: anchors },
    (_, i) => Math.max(0, 1 - Math.abs(place - i)),
  );
}
