/**
 * Multi-scale structural similarity.
 *
 * Z. Wang, E. P. Simoncelli and A. C. Bovik, "Multi-scale Structural Similarity
 * for Image Quality Assessment", Asilomar 2003, on SSIM of Z. Wang, A. C. Bovik,
 * H. R. Sheikh and E. P. Simoncelli, "Image Quality Assessment: From Error
 * Visibility to Structural Similarity", IEEE TIP 2004, with its Gaussian window
 * of 11x11 and sigma 1.5, no padding, L = 255.
 *
 *     a, b ─► rows of a, b, a² + b², ab ─► Gaussian down 11 rows
 *                                            ─► Gaussian along the row ─► maps
 *
 * Only `a² + b²` is needed of the two squares, since the variances appear as a
 * sum. One row is filtered at a time, so that everything stays in cache.
 *
 * @module
 */
import { requireWhole } from "@/errors/invalid.ts";
import type { Pixels } from "@/images/pixels.ts";
import {
  assertSameSize,
  channelPlane,
  halvePlane,
  type Plane,
} from "./planes.ts";

/** Exponents of the scales, finest first, from Wang et al. 2003; they sum to 1. */
const weights: readonly number[] = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** Side of the Gaussian window, in pixels. */
const windowSize = 11;
const sigma = 1.5;
const c1 = (0.01 * 255) ** 2;
const c2 = (0.03 * 255) ** 2;

/** Half of the symmetric window, outermost tap first; the whole sums to 1. */
const taps: readonly number[] = (() => {
  const half = Array.from(
    { length: 6 },
    (_, i) => Math.exp(-((i - 5) ** 2) / (2 * sigma * sigma)),
  );
  const total = 2 * half.reduce((sum, tap) => sum + tap) - half[5]!;
  return half.map((tap) => tap / total);
})();

/** Choices of {@linkcode msSsim}. */
export interface MsSsimOptions {
  /**
   * Scales to use, 1 to 5; the published measure has 5. With fewer, the finest
   * are kept and their exponents scaled to sum to 1, so values at different
   * numbers of scales must not be compared.
   *
   * @default {5}
   */
  readonly scales?: number;
}

/**
 * Multi-scale structural similarity, mean of the three RGB channels.
 *
 * Z. Wang, E. P. Simoncelli and A. C. Bovik, "Multi-scale Structural Similarity
 * for Image Quality Assessment", Asilomar 2003: SSIM's contrast-structure part
 * at five scales, its luminance part at the coarsest. Between scales 2x2 means
 * are taken. Details that the paper leaves open follow `pytorch_msssim.ms_ssim`,
 * which learned codecs report: negative factors are cut to 0, and an odd side is
 * padded with zeros at its start.
 *
 * @example
 * ```ts
 * import { msSsim, msSsimScales } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => i % 251);
 * const small = { width: 32, height: 32, data };
 * const scales = msSsimScales(small.width, small.height);
 * assertAlmostEquals(msSsim(small, small, { scales }), 1);
 * ```
 *
 * @param a An image of at least 161x161 pixels, less with fewer scales
 * @param b An image of the same size
 * @param options See {@linkcode MsSsimOptions}
 * @returns 0 to 1; 1 where the images are equal
 * @throws {RangeError} If the sizes differ, the images are too small for the
 *   scales, or `scales` is not 1 to 5
 */
export function msSsim(
  a: Pixels,
  b: Pixels,
  options: MsSsimOptions = {},
): number {
  const scales = options.scales ?? weights.length;
  assertSameSize(a, b);
  assertScales(scales, a);
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    sum += channelMsSsim(a, b, channel, scales);
  }
  return sum / 3;
}

function channelMsSsim(
  a: Pixels,
  b: Pixels,
  channel: number,
  scales: number,
): number {
  const used = weights.slice(0, scales);
  const total = scales === weights.length
    ? 1
    : used.reduce((sum, weight) => sum + weight);
  let planeA = channelPlane(a, channel);
  let planeB = channelPlane(b, channel);
  let product = 1;
  for (const [scale, weight] of used.entries()) {
    if (scale > 0) {
      planeA = halvePlane(planeA, "start");
      planeB = halvePlane(planeB, "start");
    }
    const { ssim, contrast } = structure(planeA, planeB);
    const factor = scale === scales - 1 ? ssim : contrast;
    product *= Math.max(0, factor) ** (weight / total);
  }
  return product;
}

function assertScales(scales: number, { width, height }: Pixels): void {
  requireWhole("scales", scales, 1, weights.length);
  const possible = msSsimScales(width, height);
  if (scales > possible) {
    const side = 10 * 2 ** (scales - 1) + 1;
    throw new RangeError(
      `MS-SSIM with ${scales} scales needs at least ${side}x${side} pixels, ` +
        `got ${width}x${height}` +
        (possible > 0 ? `, which allow ${possible}.` : "."),
    );
  }
}

/**
 * How many scales of MS-SSIM an image is large enough for, 0 to 5.
 *
 * Each scale halves the image, and the last must still hold the 11x11 window.
 * Following pytorch-msssim, the bound is that the smaller side exceeds
 * `10 * 2^(scales - 1)`: 5 scales from 161 pixels, 2 scales at 32.
 *
 * @example
 * ```ts
 * import { msSsimScales } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(msSsimScales(172, 172), 5);
 * assertEquals(msSsimScales(32, 32), 2);
 * assertEquals(msSsimScales(8, 300), 0);
 * ```
 *
 * @param width Width of the image in pixels
 * @param height Height of the image in pixels
 * @returns 0 to 5
 */
export function msSsimScales(width: number, height: number): number {
  const side = Math.min(width, height);
  let scales = 0;
  while (scales < 5 && side > (windowSize - 1) * 2 ** scales) scales++;
  return scales;
}

/** `out[x] = Σ taps * source[x + k * step]`, for the 11 taps from `start`. */
function filterLine(
  source: Float64Array,
  start: number,
  step: number,
  out: Float64Array,
  length: number,
): void {
  const [t0, t1, t2, t3, t4, t5] = taps as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let x = 0; x < length; x++) {
    const at = start + x;
    out[x] = t0 * (source[at]! + source[at + 10 * step]!) +
      t1 * (source[at + step]! + source[at + 9 * step]!) +
      t2 * (source[at + 2 * step]! + source[at + 8 * step]!) +
      t3 * (source[at + 3 * step]! + source[at + 7 * step]!) +
      t4 * (source[at + 4 * step]! + source[at + 6 * step]!) +
      t5 * source[at + 5 * step]!;
  }
}

/** Means over the plane: `ssim` whole, `contrast` without the luminance term. */
interface Structure {
  /** Mean of the whole SSIM map, -1 to 1. */
  readonly ssim: number;
  /** Mean of the map without its luminance term, -1 to 1. */
  readonly contrast: number;
}

/** Compares two planes of one size, at least 11x11, values 0..255. */
function structure(a: Plane, b: Plane): Structure {
  const { width, height } = a;
  const squares = new Float64Array(width * height);
  const products = new Float64Array(width * height);
  for (let i = 0; i < squares.length; i++) {
    const p = a.data[i]!, q = b.data[i]!;
    squares[i] = p * p + q * q;
    products[i] = p * q;
  }
  const sources = [a.data, b.data, squares, products];
  const lines = sources.map(() => new Float64Array(width));
  const columns = width - windowSize + 1;
  const rows = height - windowSize + 1;
  const maps = sources.map(() => new Float64Array(columns));
  const [meanA, meanB, meanSquares, meanProducts] = maps as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let ssim = 0, contrast = 0;
  for (let y = 0; y < rows; y++) {
    for (let map = 0; map < 4; map++) {
      filterLine(sources[map]!, y * width, width, lines[map]!, width);
      filterLine(lines[map]!, 0, 1, maps[map]!, columns);
    }
    for (let x = 0; x < columns; x++) {
      const muA = meanA[x]!, muB = meanB[x]!;
      const muSquares = muA * muA + muB * muB;
      const muProduct = muA * muB;
      const cs = (2 * (meanProducts[x]! - muProduct) + c2) /
        (meanSquares[x]! - muSquares + c2);
      contrast += cs;
      ssim += cs * (2 * muProduct + c1) / (muSquares + c1);
    }
  }
  return {
    ssim: ssim / (rows * columns),
    contrast: contrast / (rows * columns),
  };
}
