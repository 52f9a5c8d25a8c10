import type { QualityMetric, RatePoint } from "./rate_point.ts";

/**
 * The points that no other point beats at the same or fewer bits.
 *
 * Measured ladders are not always monotone: at some step a codec may spend
 * more bits for a worse picture. Such points are never worth using, and a
 * Bjøntegaard delta is not defined with them. A point equal in quality to a
 * cheaper one is dropped as well.
 *
 * @example
 * ```ts
 * import { efficientPoints } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const kept = efficientPoints([
 *   { bpp: 0.5, psnrDb: 31, msssim: 0.95 },
 *   { bpp: 0.4, psnrDb: 30, msssim: 0.94 },
 *   { bpp: 0.6, psnrDb: 30.9, msssim: 0.96 },
 * ]);
 * assertEquals(kept.map((point) => point.bpp), [0.4, 0.5]);
 * ```
 *
 * @param points In any order
 * @param metric Which quality counts
 * @returns The same objects, by rising rate and rising quality
 */
export function efficientPoints<Point extends RatePoint>(
  points: readonly Point[],
  metric: QualityMetric = "psnrDb",
): Point[] {
  const byRate = [...points].sort((a, b) =>
    a.bpp - b.bpp || b[metric] - a[metric]
  );
  let best = -Infinity;
  return byRate.filter((point) => {
    if (!(point[metric] > best)) return false;
    best = point[metric];
    return true;
  });
}
