/**
 * Tables of ICC profiles, which give the colours of scanners, printers and of a
 * few photos.
 *
 *     red, green, blue ─▶ curves ─▶ grid ─▶ curves ─▶ matrix ─▶ curves ─▶ XYZ
 *
 * Profiles of version 2 lack the matrix and the curves before it. Between the
 * points of the grid, colours are interpolated in tetrahedra.
 *
 * @see ICC.1:2022, sections 6.3.4 and 10.10 to 10.12
 * @module
 */
import { readCurve, tabulated, type ToneCurve } from "./icc_curve.ts";

/** Replaces encoded red, green and blue, 0..1, by XYZ adapted to D50. */
export type ColourTable = (colour: Float64Array) => void;

/**
 * Reads a table.
 *
 * @param view The profile.
 * @param at Where the table begins.
 * @param isLab Whether its results are CIELAB instead of XYZ.
 * @returns The table; undefined if it is of another kind.
 */
export function readTable(
  view: DataView,
  at: number,
  isLab: boolean,
): ColourTable | undefined {
  const type = view.getUint32(at);
  const isWide = type === 0x6d667432; // "mft2"
  const isOld = isWide || type === 0x6d667431; // "mft1"
  const hasThree = view.getUint8(at + 8) === 3 && view.getUint8(at + 9) === 3;
  if (!hasThree || (!isOld && type !== 0x6d414220)) return undefined; // "mAB "
  const steps = isOld ? readOld(view, at, isWide) : readNew(view, at);
  if (steps === undefined) return undefined;
  const finish = isLab ? fromLab(isWide) : fromXyzNumbers;
  return (colour) => {
    for (const step of steps) step(colour);
    finish(colour);
  };
}

/** The types lut8 and lut16, whose matrix is for other colours than RGB. */
function readOld(
  view: DataView,
  at: number,
  isWide: boolean,
): ColourTable[] | undefined {
  const side = view.getUint8(at + 10);
  const [inputs, outputs] = isWide
    ? [view.getUint16(at + 48), view.getUint16(at + 50)]
    : [256, 256];
  let next = at + (isWide ? 52 : 48);
  const numbers = (count: number) => {
    const found = readNumbers(view, next, count, isWide ? 2 : 1);
    next += count * (isWide ? 2 : 1);
    return found;
  };
  const curves = (count: number) =>
    byCurves([0, 1, 2].map(() => tabulated(numbers(count))));
  const before = curves(inputs);
  if (side < 2) return undefined;
  const grid = byGrid([side, side, side], numbers(3 * side ** 3));
  return [before, grid, curves(outputs)];
}

/** The type lutAToB, of which every part but the last curves may be missing. */
function readNew(view: DataView, at: number): ColourTable[] | undefined {
  const [last, matrix, middle, grid, first] = [12, 16, 20, 24, 28]
    .map((place) => view.getUint32(at + place));
  const steps: (ColourTable | undefined)[] = [];
  const curves = (offset = 0) => {
    if (offset > 0) steps.push(readCurves(view, at + offset));
  };
  curves(first);
  if (grid) {
    const sides = [0, 1, 2].map((i) => view.getUint8(at + grid + i));
    if (Math.min(...sides) < 2) return undefined;
    const size = view.getUint8(at + grid + 16) === 1 ? 1 : 2;
    const count = 3 * sides.reduce((product, side) => product * side, 1);
    const numbers = readNumbers(view, at + grid + 20, count, size);
    steps.push(byGrid(sides, numbers));
  }
  curves(middle);
  if (matrix) {
    const [...m] = Array.from(
      { length: 12 },
      (_, i) => view.getInt32(at + matrix + 4 * i) / 65536,
    );
    steps.push((colour) => {
      const [a, b, c] = colour as unknown as [number, number, number];
      for (let i = 0; i < 3; i++) {
        colour[i] = m[3 * i]! * a + m[3 * i + 1]! * b + m[3 * i + 2]! * c +
          m[9 + i]!;
      }
    });
  }
  curves(last);
  return steps.every((step) => step !== undefined) ? steps : undefined;
}

/** Three curves, each of which fills up a multiple of four bytes. */
function readCurves(view: DataView, at: number): ColourTable | undefined {
  const curves: ToneCurve[] = [];
  for (let i = 0, next = at; i < 3; i++) {
    const curve = readCurve(view, next);
    if (curve === undefined) return undefined;
    curves.push(curve);
    const isFormula = view.getUint32(next) === 0x70617261; // "para"
    const length = isFormula
      ? 12 + 4 * [1, 3, 4, 5, 7][view.getUint16(next + 8)]!
      : 12 + 2 * view.getUint32(next + 8);
    next += Math.ceil(length / 4) * 4;
  }
  return byCurves(curves);
}

function readNumbers(
  view: DataView,
  at: number,
  count: number,
  size: 1 | 2,
): Float64Array {
  if (at + count * size > view.byteLength) throw new RangeError("cut off");
  return Float64Array.from(
    { length: count },
    (_, i) =>
      size === 1
        ? view.getUint8(at + i) / 255
        : view.getUint16(at + 2 * i) / 65535,
  );
}

function byCurves(curves: readonly ToneCurve[]): ColourTable {
  return (colour) => {
    curves.forEach((curve, i) => {
      colour[i] = curve(Math.min(1, Math.max(0, colour[i]!)));
    });
  };
}

/** A grid whose last axis, blue, runs fastest. */
function byGrid(sides: readonly number[], grid: Float64Array): ColourTable {
  const strides = [3 * sides[1]! * sides[2]!, 3 * sides[2]!, 3];
  const part = new Float64Array(3);
  return (colour) => {
    let corner = 0;
    for (let i = 0; i < 3; i++) {
      const last = sides[i]! - 1;
      const place = last * Math.min(1, Math.max(0, colour[i]!));
      const low = Math.min(last - 1, Math.floor(place));
      part[i] = place - low;
      corner += low * strides[i]!;
    }
    // From the lowest corner to the highest, along the longest way first.
    const axes = [0, 1, 2].sort((a, b) => part[b]! - part[a]!);
    let weight = 1 - part[axes[0]!]!;
    for (let c = 0; c < 3; c++) colour[c] = weight * grid[corner + c]!;
    axes.forEach((axis, i) => {
      weight = part[axis]! - (i < 2 ? part[axes[i + 1]!]! : 0);
      corner += strides[axis]!;
      for (let c = 0; c < 3; c++) colour[c]! += weight * grid[corner + c]!;
    });
  };
}

/** XYZ is stored as 0..1 for 0 to nearly 2. */
function fromXyzNumbers(colour: Float64Array): void {
  for (let i = 0; i < 3; i++) colour[i]! *= 1 + 32767 / 32768;
}

/** CIELAB in the numbers of all tables, or in those of lut16. */
function fromLab(isWide: boolean): ColourTable {
  const scale = isWide ? 65535 / 65280 : 1;
  return (colour) => {
    const [l, a, b] = colour as unknown as [number, number, number];
    const y = (100 * l * scale + 16) / 116;
    const f = (v: number) => fromLightness(116 * v - 16);
    colour[0] = 0.9642 * f(y + (255 * a * scale - 128) / 500);
    colour[1] = f(y);
    colour[2] = 0.8249 * f(y - (255 * b * scale - 128) / 200);
  };
}

/**
 * CIE 1976 lightness to luminance.
 *
 * @param lightness 0..100.
 * @returns 0..1.
 */
export function fromLightness(lightness: number): number {
  return lightness > 8 ? ((lightness + 16) / 116) ** 3 : lightness * 27 / 24389;
}
