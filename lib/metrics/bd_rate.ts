/**
 * Bjøntegaard's delta rate: how many more bits one codec needs than another.
 *
 * G. Bjøntegaard, "Calculation of average PSNR differences between RD-curves",
 * VCEG-M33, 2001: mean difference of log rate over the shared range of quality.
 * The single cubic fitted there oscillates on more than four points, so today's
 * practice, taken here, puts a piecewise cubic through every point (PCHIP); see
 * C. Herglotz et al., "Beyond Bjøntegaard", IEEE ICIP 2022.
 *
 *     log bpp │      anchor ╱   ╱ test      delta = mean gap between the
 *             │        ╱───╱───╱            curves over the shared quality,
 *             └───────┴────────┴─ quality   as a ratio of rates
 *                     shared
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import { type Cubic, evaluate, integrate, pchip } from "./pchip.ts";
import {
  type QualityMetric,
  type RatePoint,
  toDecibels,
} from "./rate_point.ts";

/** Choices of {@linkcode bdRate}. */
export interface BdRateOptions {
  /**
   * What is held equal. MS-SSIM is put on its decibel scale first.
   *
   * @default {"psnrDb"}
   */
  readonly metric?: QualityMetric;
  /**
   * Limits `[low, high]` in bits per pixel. Each curve counts only where its
   * own rate is within them: it is cut where it crosses a limit, between
   * points if need be, and is not extended where it does not reach it.
   */
  readonly range?: readonly [low: number, high: number];
  /** Limits `[low, high]` of the quality, on top of the shared range. */
  readonly qualityRange?: readonly [low: number, high: number];
}

/**
 * Mean extra rate of `test` over `anchor` at equal quality, in percent.
 *
 * Negative where `test` needs fewer bits. Nothing is extrapolated: the mean is
 * over the qualities that both curves reach, within the given limits.
 *
 * @example
 * ```ts
 * import { bdRate } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const anchor = [30, 33, 36, 39].map((psnrDb, i) => ({
 *   bpp: 0.1 * 2 ** i,
 *   psnrDb,
 *   msssim: 0.9 + i / 50,
 * }));
 * const test = anchor.map((point) => ({ ...point, bpp: point.bpp * 2 }));
 * assertAlmostEquals(bdRate(anchor, test), 100);
 * assertAlmostEquals(bdRate(test, anchor), -50);
 * ```
 *
 * @param anchor Curve compared against, at least 2 points (4 are customary) in
 *   any order, quality strictly rising with rate
 * @param test Curve that is judged, of the same kind
 * @param options See {@linkcode BdRateOptions}
 * @returns Percent: 0 for equal curves, 100 for twice the rate, over -100
 * @throws {RangeError} If a curve has fewer than 2 points, a rate or quality is
 *   not finite and positive, quality does not rise with rate (see
 *   {@linkcode efficientPoints}), or the curves share no quality in the limits
 */
export function bdRate(
  anchor: readonly RatePoint[],
  test: readonly RatePoint[],
  options: BdRateOptions = {},
): number {
  const {
    metric = "psnrDb",
    range = [0, Infinity],
    qualityRange = [-Infinity, Infinity],
  } = options;
  for (const [name, limits] of Object.entries({ range, qualityRange })) {
    if (!(limits[0] < limits[1])) throw invalid(name, "rising", limits);
  }
  const curves = [anchor, test].map((points) => logRateCurve(points, metric));
  const spans = curves.map((curve) => qualitySpan(curve, range));
  const low = Math.max(qualityRange[0], ...spans.map(([start]) => start));
  const high = Math.min(qualityRange[1], ...spans.map(([, end]) => end));
  if (!(high > low)) {
    throw new RangeError(
      `The curves share no quality: the anchor spans ${spanText(spans[0]!)}, ` +
        `the test ${spanText(spans[1]!)} within the limits.`,
    );
  }
  const [anchorArea, testArea] = curves.map((curve) =>
    integrate(curve, low, high)
  );
  return 100 * Math.expm1((testArea! - anchorArea!) / (high - low));
}

/** Natural log of bits per pixel as a function of quality. */
function logRateCurve(
  points: readonly RatePoint[],
  metric: QualityMetric,
): Cubic {
  if (points.length < 2) {
    throw invalid("The number of points", "at least 2", points.length);
  }
  const sorted = [...points].sort((a, b) => a.bpp - b.bpp);
  const quality = sorted.map((point) =>
    metric === "msssim" ? toDecibels(point.msssim) : point[metric] ?? NaN
  );
  for (const [i, { bpp }] of sorted.entries()) {
    if (!(bpp > 0 && bpp < Infinity && Number.isFinite(quality[i]))) {
      throw new RangeError(
        `A point needs a positive rate and a finite quality, got ${bpp} bpp ` +
          `at ${quality[i]} dB.`,
      );
    }
    if (i > 0 && !(quality[i]! > quality[i - 1]! && bpp > sorted[i - 1]!.bpp)) {
      throw new RangeError(
        `Quality must rise with rate, got ${quality[i - 1]} dB at ` +
          `${sorted[i - 1]!.bpp} bpp and ${quality[i]} dB at ${bpp} bpp.`,
      );
    }
  }
  return pchip(quality, sorted.map(({ bpp }) => Math.log(bpp)));
}

/** The qualities where the curve's rate is within the limits. */
function qualitySpan(
  curve: Cubic,
  [low, high]: readonly [number, number],
): readonly [number, number] {
  const start = curve.x[0]!, end = curve.x.at(-1)!;
  const first = curve.y[0]!, last = curve.y.at(-1)!;
  const logLow = Math.log(low), logHigh = Math.log(high);
  if (logLow >= last) return [end, end];
  if (logHigh <= first) return [start, start];
  return [
    logLow <= first ? start : crossing(curve, logLow),
    logHigh >= last ? end : crossing(curve, logHigh),
  ];
}

/** Where the curve reaches `level`, by bisection to the last bit. */
function crossing(curve: Cubic, level: number): number {
  let low = curve.x[0]!, high = curve.x.at(-1)!;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (evaluate(curve, middle) < level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function spanText([start, end]: readonly [number, number]): string {
  return `${start.toFixed(2)} to ${end.toFixed(2)} dB`;
}
