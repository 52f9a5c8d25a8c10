/**
 * Mean SSIM and its contrast-structure part for one pair of planes.
 *
 * Z. Wang, A. C. Bovik, H. R. Sheikh and E. P. Simoncelli, "Image Quality
 * Assessment: From Error Visibility to Structural Similarity", IEEE TIP 2004,
 * with its Gaussian window of 11x11 and sigma 1.5, no padding, L = 255.
 *
 *     a, b ─► rows of a, b, a² + b², ab ─► Gaussian down 11 rows
 *                                            ─► Gaussian along the row ─► maps
 *
 * Only `a² + b²` is needed of the two squares, since the variances appear as a
 * sum. One row is filtered at a time, so that everything stays in cache.
 */
import type { Plane } from "./_planes.ts";

/** Side of the Gaussian window, in pixels. */
export const windowSize = 11;
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
export interface Structure {
  /** Mean of the whole SSIM map, -1 to 1. */
  readonly ssim: number;
  /** Mean of the map without its luminance term, -1 to 1. */
  readonly contrast: number;
}

/** Compares two planes of one size, at least 11x11, values 0..255. */
export function structure(a: Plane, b: Plane): Structure {
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
