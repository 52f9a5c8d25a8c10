/**
 * Long curves to few points: a run of 100,000 steps draws as fast as one of
 * 100, and a notebook that shows it stays small.
 *
 * @module
 */

/** A point of a curve. */
export interface CurvePoint {
  /** Such as a step. */
  readonly x: number;
  /** Such as a loss. */
  readonly y: number;
}

/**
 * Replace runs of neighbouring points by their means.
 *
 * @param points In the order of `x`.
 * @param most Most points to keep, at least 1.
 * @returns The points themselves when few enough, otherwise at most `most`.
 * @throws {RangeError} When `most` is not a whole number above 0.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { downsample } from "./mod.ts";
 *
 * const points = [1, 2, 3, 4].map((x) => ({ x, y: 10 * x }));
 * assertEquals(downsample(points, 2), [{ x: 1.5, y: 15 }, { x: 3.5, y: 35 }]);
 * ```
 */
export function downsample(
  points: readonly CurvePoint[],
  most: number,
): CurvePoint[] {
  if (!Number.isInteger(most) || most < 1) {
    throw new RangeError(`Cannot keep ${most} points: give 1 or more`);
  }
  if (points.length <= most) return [...points];
  return Array.from({ length: most }, (_, bucket) => {
    const from = Math.floor(bucket * points.length / most);
    const to = Math.floor((bucket + 1) * points.length / most);
    return mean(points.slice(from, to));
  });
}

function mean(points: readonly CurvePoint[]): CurvePoint {
  const sum = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }));
  return { x: sum.x / points.length, y: sum.y / points.length };
}
