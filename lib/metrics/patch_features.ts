/**
 * What patches of photos look like, in a few numbers: how strong their detail
 * is in each band of frequencies and directions, and how sparse. The bands are
 * those of a fixed bank of Gabor filters, so nothing is learnt, and anyone can
 * compute the same numbers.
 *
 *     luma ▶ Gabor filter, 2 wavelengths × 4 directions ▶ energy ▶ per patch:
 *            log of the root mean square, and log of it over the mean
 *     Cb, Cr ▶ differences of neighbours ▶ per patch: log of the root mean square
 *
 * The sizes of filters' responses, their sparseness and their logarithms are
 * those that models of texture go by: J. Portilla and E. P. Simoncelli, "A
 * Parametric Texture Model Based on Joint Statistics of Complex Wavelet
 * Coefficients", 2000.
 *
 * @module
 */

import { requireWhole } from "@/errors/invalid.ts";
import type { Pixels } from "@/images/pixels.ts";
import { type Plane, projectPlane } from "./planes.ts";

/** Luma and the two differences of colour, as in JPEG. */
const LUMA = [0.299, 0.587, 0.114] as const;
const CHROMA = [
  [-0.168736, -0.331264, 0.5],
  [0.5, -0.418688, -0.081312],
] as const;

/** Pixels in a wave of each band; nothing is finer than 2. */
const WAVELENGTHS = [2.5, 5] as const;

/** Directions of each wavelength. */
const DIRECTIONS = 4;

/** The width of a filter's Gaussian, relative to its wavelength. */
const SPREAD = 0.5;

/** Half of the side of a filter, relative to its wavelength. */
const REACH = 1.2;

/** Levels of 0..255 that count as no detail: the rounding to 8 bits. */
const FLOOR = 0.5;

/** Numbers that describe a patch. */
export const PATCH_FEATURES: number = 2 * WAVELENGTHS.length * DIRECTIONS +
  CHROMA.length;

/**
 * Describes the patches of a photo.
 *
 * @param photo The photo; what is left at its right and lower edges is skipped.
 * @param side Side of the square patches in pixels, at least 8.
 * @returns {@linkcode PATCH_FEATURES} numbers for each patch, row by row.
 * @throws {RangeError} If the side is not a whole number of at least 8.
 *
 * @example
 * ```ts
 * import { PATCH_FEATURES, patchFeatures } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const grey = { width: 40, height: 33, data: new Uint8Array(3960).fill(90) };
 * const features = patchFeatures(grey, 16);
 * assertEquals(features.map(({ length }) => length), [
 *   ...[PATCH_FEATURES, PATCH_FEATURES],
 *   ...[PATCH_FEATURES, PATCH_FEATURES],
 * ]);
 * ```
 */
export function patchFeatures(photo: Pixels, side: number): Float64Array[] {
  requireWhole("side", side, 8);
  const columns = Math.floor(photo.width / side);
  const rows = Math.floor(photo.height / side);
  const features = Array.from(
    { length: columns * rows },
    () => new Float64Array(PATCH_FEATURES),
  );
  let at = 0;
  const luma = projectPlane(photo, LUMA);
  for (const filter of bank) {
    const energy = energyOf(luma, filter);
    for (const [i, { rms, mean }] of patchesOf(energy, side).entries()) {
      features[i]![at] = Math.log(rms + FLOOR);
      features[i]![at + 1] = Math.log((rms + FLOOR) / (mean + FLOOR));
    }
    at += 2;
  }
  for (const row of CHROMA) {
    const steps = stepsOf(projectPlane(photo, row));
    for (const [i, { rms }] of patchesOf(steps, side).entries()) {
      features[i]![at] = Math.log(rms + FLOOR);
    }
    at++;
  }
  return features;
}

/**
 * A wave under a Gaussian. Both are products of a part along x and one along y,
 * so a filter needs two passes over a plane, not one of its area.
 */
interface GaborFilter {
  /** Pixels on either side of the middle. */
  readonly reach: number;
  /** The Gaussian, `2 * reach + 1` weights. */
  readonly window: Float64Array;
  /** It times the wave along each axis. */
  readonly x: Wave;
  readonly y: Wave;
  /** What the even wave sees of a flat area, relative to the Gaussian. */
  readonly flat: number;
  /** Makes the response the amplitude of a wave. */
  readonly gain: number;
}

interface Wave {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

const bank: readonly GaborFilter[] = WAVELENGTHS.flatMap((wavelength) =>
  Array.from(
    { length: DIRECTIONS },
    (_, i) => gaborFilter(wavelength, Math.PI * i / DIRECTIONS),
  )
);

function gaborFilter(wavelength: number, angle: number): GaborFilter {
  const reach = Math.ceil(REACH * wavelength);
  const sigma = SPREAD * wavelength;
  const window = Float64Array.from(
    { length: 2 * reach + 1 },
    (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const wave = (frequency: number): Wave => {
    const phase = (i: number) => 2 * Math.PI * frequency * (i - reach);
    return {
      cos: window.map((weight, i) => weight * Math.cos(phase(i))),
      sin: window.map((weight, i) => weight * Math.sin(phase(i))),
    };
  };
  const x = wave(Math.cos(angle) / wavelength);
  const y = wave(Math.sin(angle) / wavelength);
  const total = sumOf(window) ** 2;
  // The sines' sums are 0.
  const flat = sumOf(x.cos) * sumOf(y.cos) / total;
  return { reach, window, x, y, flat, gain: 2 / total };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The amplitude of a wave at each pixel; edges are continued. */
function energyOf(plane: Plane, filter: GaborFilter): Plane {
  const { width, height } = plane;
  const { reach, window, x, y, flat, gain } = filter;
  const padded = continued(plane, reach);
  const [even, odd, smooth] = [x.cos, x.sin, window].map((weights) =>
    alongRows(padded, weights)
  ) as [Float64Array, Float64Array, Float64Array];
  const out = new Float64Array(width * height);
  const [a, b] = [new Float64Array(width), new Float64Array(width)];
  for (let row = 0; row < height; row++) {
    a.fill(0);
    b.fill(0);
    for (let v = 0; v < window.length; v++) {
      const from = (row + v) * width;
      const cos = y.cos[v]!, sin = y.sin[v]!;
      // Of a flat area the filter sees nothing.
      const level = flat * window[v]!;
      for (let i = 0; i < width; i++) {
        const c = even[from + i]!, s = odd[from + i]!;
        a[i]! += cos * c - sin * s - level * smooth[from + i]!;
        b[i]! += cos * s + sin * c;
      }
    }
    for (let i = 0; i < width; i++) {
      out[row * width + i] = gain * Math.sqrt(a[i]! ** 2 + b[i]! ** 2);
    }
  }
  return { width, height, data: out };
}

/** Each row of a plane, weighted; as much narrower as the weights reach. */
function alongRows(plane: Plane, weights: Float64Array): Float64Array {
  const width = plane.width - weights.length + 1;
  const out = new Float64Array(width * plane.height);
  for (let row = 0; row < plane.height; row++) {
    for (let u = 0; u < weights.length; u++) {
      const weight = weights[u]!, from = row * plane.width + u;
      for (let i = 0; i < width; i++) {
        out[row * width + i]! += weight * plane.data[from + i]!;
      }
    }
  }
  return out;
}

/** A plane with its first and last lines repeated. */
function continued({ width, height, data }: Plane, reach: number): Plane {
  const wide = width + 2 * reach, high = height + 2 * reach;
  const out = new Float64Array(wide * high);
  const inside = (at: number, size: number) =>
    Math.min(size - 1, Math.max(0, at - reach));
  for (let y = 0; y < high; y++) {
    const row = inside(y, height) * width;
    for (let x = 0; x < wide; x++) {
      out[y * wide + x] = data[row + inside(x, width)]!;
    }
  }
  return { width: wide, height: high, data: out };
}

/** The size of the differences to the next pixels, to the right and below. */
function stepsOf({ width, height, data }: Plane): Plane {
  const out = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const right = x + 1 < width ? data[at + 1]! - data[at]! : 0;
      const below = y + 1 < height ? data[at + width]! - data[at]! : 0;
      out[at] = Math.hypot(right, below);
    }
  }
  return { width, height, data: out };
}

/** Root mean square and mean of each patch, row by row. */
function patchesOf(
  { width, height, data }: Plane,
  side: number,
): { readonly rms: number; readonly mean: number }[] {
  const patches = [];
  for (let top = 0; top + side <= height; top += side) {
    for (let left = 0; left + side <= width; left += side) {
      let squares = 0, sum = 0;
      for (let y = top; y < top + side; y++) {
        for (let x = left; x < left + side; x++) {
          const value = data[y * width + x]!;
          squares += value * value;
          sum += value;
        }
      }
      const count = side * side;
      patches.push({ rms: Math.sqrt(squares / count), mean: sum / count });
    }
  }
  return patches;
}
