/**
 * Means and spreads of repeated measurements.
 *
 * @module
 */

/**
 * The mean of some numbers.
 *
 * @param values The numbers.
 * @returns Their mean; not a number when there are none.
 */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The sample standard deviation.
 *
 * @param values The numbers.
 * @returns Their spread around the mean; null for fewer than two values.
 *
 * @example
 * ```ts
 * import { deviation } from "./statistics.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(deviation([1, 3]), Math.SQRT2);
 * assertEquals(deviation([1]), null);
 * ```
 */
export function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const center = mean(values);
  const squares = values.map((value) => (value - center) ** 2);
  return Math.sqrt(
    squares.reduce((sum, square) => sum + square, 0) / (values.length - 1),
  );
}

/**
 * The middle value; for an even count the mean of the two in the middle.
 *
 * @param values The numbers.
 * @returns Their median.
 * @throws {RangeError} When there are none.
 */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError("An empty list has no median.");
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[half]!
    : (sorted[half - 1]! + sorted[half]!) / 2;
}
