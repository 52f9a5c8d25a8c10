/**
 * Reduces long curves to few points: a run of 100,000 steps draws as fast as
 * one of 100, and a notebook that shows it stays small.
 *
 * @module
 */
import { requireWhole } from "@/errors/invalid.ts";

/** A point of a curve. */
export interface CurvePoint {
  /** The place on the horizontal axis, such as a step. */
  readonly x: number;
  /** The value there, such as a loss. */
  readonly y: number;
}

/**
 * Replaces groups of neighbouring points by their means.
 *
 * @param points In the order of `x`.
 * @param maxPoints Maximum number of points, at least 1.
 * @returns The same points if they are few enough, otherwise `maxPoints` means.
 * @throws {RangeError} If `maxPoints` is not a positive whole number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { downsample } from "@/charts/downsample.ts";
 *
 * const points = [1, 2, 3, 4].map((x) => ({ x, y: 10 * x }));
 * assertEquals(downsample(points, 2), [{ x: 1.5, y: 15 }, { x: 3.5, y: 35 }]);
 * ```
 */
export function downsample(
  points: readonly CurvePoint[],
  maxPoints: number,
): CurvePoint[] {
  requireWhole("maxPoints", maxPoints, 1);
  if (points.length <= maxPoints) return [...points];
  return Array.from({ length: maxPoints }, (_, bucket) => {
    const from = Math.floor(bucket * points.length / maxPoints);
    const to = Math.floor((bucket + 1) * points.length / maxPoints);
    return meanPoint(points.slice(from, to));
  });
}

function meanPoint(points: readonly CurvePoint[]): CurvePoint {
  const sum = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }));
  return { x: sum.x / points.length, y: sum.y / points.length };
}
