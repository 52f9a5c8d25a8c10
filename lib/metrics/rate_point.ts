/**
 * Points of rate-distortion curves.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";

/** One point of a rate-distortion curve. */
export interface RatePoint {
  /** Bits per pixel of the stored file, positive. */
  readonly bpp: number;
  /** PSNR of the 8-bit RGB samples in decibels. */
  readonly psnrDb: number;
  /** MS-SSIM, 0 to 1. */
  readonly msssim: number;
  /** SSIMULACRA 2, at most 100; missing if it was not measured. */
  readonly ssimulacra2?: number;
}

/** The measure of quality on a curve's other axis. */
export type QualityMetric = "psnrDb" | "msssim" | "ssimulacra2";

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
    throw invalid("similarity", "at most 1", similarity);
  }
  return 10 * Math.log10(1 / (1 - similarity));
}

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
 * @param metric Which quality counts; points without it are dropped
 * @returns The same objects, by rising rate and rising quality
 */
export function efficientPoints<Point extends RatePoint>(
  points: readonly Point[],
  metric: QualityMetric = "psnrDb",
): Point[] {
  const quality = (point: Point) => point[metric] ?? -Infinity;
  const byRate = [...points].sort((a, b) =>
    a.bpp - b.bpp || quality(b) - quality(a)
  );
  let best = -Infinity;
  return byRate.filter((point) => {
    if (!(quality(point) > best)) return false;
    best = quality(point);
    return true;
  });
}
