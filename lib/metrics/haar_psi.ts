/**
 * HaarPSI, a perceptual similarity that needs no trained network.
 *
 * R. Reisenhofer, S. Bosse, G. Kutyniok and T. Wiegand, "A Haar Wavelet-Based
 * Perceptual Similarity Index for Image Quality Assessment", Signal Processing:
 * Image Communication 61, 2018, with its constants C = 30 and alpha = 4.2.
 * Follows people's ratings more closely than PSNR, SSIM or MS-SSIM do on the
 * paper's four databases, and distinguishes a sharp image from a smooth one of equal
 * PSNR, which is what super-resolution is judged by.
 *
 *     RGB ─► YIQ ─► 2x2 means ─┬► Y ─► Haar 2x2, 4x4 ─► similarity ─┐
 *                              │  Y ─► Haar 8x8 ──────► weights ────┼► score
 *                              └► I, Q ─► 2x2 means ──► similarity ─┘
 *
 * At the edges, planes are continued with zeros, as by the authors.
 *
 * @module
 */
import type { Pixels } from "@/images/pixels.ts";
import {
  assertSameSize,
  halvePlane,
  type Plane,
  projectPlane,
} from "./planes.ts";

const c = 30;
const alpha = 4.2;
const smallestSide = 16;

/** Rows of the RGB to YIQ matrix. */
const yiq = [
  [0.299, 0.587, 0.114],
  [0.5959, -0.2746, -0.3213],
  [0.2115, -0.5227, 0.3112],
] as const;

/**
 * Perceptual similarity of two images, HaarPSI of Reisenhofer et al. 2018.
 *
 * Agrees with `piq.haarpsi`.
 *
 * @example
 * ```ts
 * import { haarPsi } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => i % 251);
 * const photo = { width: 32, height: 32, data };
 * assertAlmostEquals(haarPsi(photo, photo), 1);
 * ```
 *
 * @param a An image of at least 16x16 pixels
 * @param b An image of the same size
 * @returns 0 to 1; 1 where the images are equal
 * @throws {RangeError} If the sizes differ or a side is under 16 pixels
 */
export function haarPsi(a: Pixels, b: Pixels): number {
  assertSameSize(a, b);
  if (Math.min(a.width, a.height) < smallestSide) {
    throw new RangeError(
      `HaarPSI needs at least ${smallestSide}x${smallestSide} pixels, ` +
        `got ${a.width}x${a.height}.`,
    );
  }
  const [luma, ...chroma] = yiq.map((row) =>
    [a, b].map((pixels) => halvePlane(projectPlane(pixels, row), "end"))
  ) as [[Plane, Plane], [Plane, Plane], [Plane, Plane]];
  const tables = luma.map(summedArea) as [Plane, Plane];
  const { width, height } = luma[0];
  let weighted = 0, total = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let meanWeight = 0;
      for (const upright of [true, false]) {
        const weight = Math.max(
          Math.abs(haar(tables[0], x, y, 8, upright)),
          Math.abs(haar(tables[1], x, y, 8, upright)),
        );
        const likeness = [2, 4].reduce((sum, size) =>
          sum + similarity(
              haar(tables[0], x, y, size, upright),
              haar(tables[1], x, y, size, upright),
            ) / 2, 0);
        weighted += weight * logistic(likeness);
        total += weight;
        meanWeight += weight / 2;
      }
      const likeness = chroma.reduce(
        (sum, [p, q]) =>
          sum + similarity(blockMean(p, x, y), blockMean(q, x, y)) / 2,
        0,
      );
      weighted += meanWeight * logistic(likeness);
      total += meanWeight;
    }
  }
  if (total === 0) return 1; // no luma anywhere: both images are black
  const score = weighted / total;
  return (Math.log(score / (1 - score)) / alpha) ** 2;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-alpha * x));
}

function similarity(p: number, q: number): number {
  return (2 * Math.abs(p * q) + c) / (p * p + q * q + c);
}

/** `[height + 1, width + 1]`: sums of all samples above and to the left. */
function summedArea({ width, height, data }: Plane): Plane {
  const stride = width + 1;
  const out = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      out[(y + 1) * stride + x + 1] = out[y * stride + x + 1]! + row;
    }
  }
  return { width: stride, height: height + 1, data: out };
}

/** Sum over columns `left..right` and rows `top..bottom`, ends excluded. */
function areaSum(
  { width, height, data }: Plane,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  const x0 = Math.max(0, left), x1 = Math.min(width - 1, right);
  const y0 = Math.max(0, top), y1 = Math.min(height - 1, bottom);
  if (x1 <= x0 || y1 <= y0) return 0;
  return data[y1 * width + x1]! - data[y0 * width + x1]! -
    data[y1 * width + x0]! + data[y0 * width + x0]!;
}

/** One half of the window minus the other, over its side: below if upright. */
function haar(
  table: Plane,
  x: number,
  y: number,
  size: number,
  upright: boolean,
): number {
  const half = size / 2;
  const left = x - half + 1, top = y - half + 1;
  const whole = areaSum(table, left, top, left + size, top + size);
  const first = upright
    ? areaSum(table, left, top, left + size, top + half)
    : areaSum(table, left, top, left + half, top + size);
  return (2 * first - whole) / size;
}

/** Mean of the 2x2 block at `x`, `y`, zeros outside. */
function blockMean(
  { width, height, data }: Plane,
  x: number,
  y: number,
): number {
  const at = y * width + x;
  const inX = x + 1 < width, inY = y + 1 < height;
  return (data[at]! + (inX ? data[at + 1]! : 0) +
    (inY ? data[at + width]! : 0) +
    (inX && inY ? data[at + width + 1]! : 0)) / 4;
}
