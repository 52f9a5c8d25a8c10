/**
 * ICC profiles of grey, and of red, green and blue, by tone curves and a matrix,
 * as almost all profiles of photos, or by a table.
 *
 * @see ICC.1:2022, sections 7, 8.3, 8.4.4
 * @module
 */
import { readCurve, type ToneCurve } from "./icc_curve.ts";
import { type ColourTable, fromLightness, readTable } from "./icc_table.ts";

/** How the colours of a file become linear. */
export interface IccProfile {
  /** One curve for grey, three for red, green and blue. */
  readonly curves: readonly ToneCurve[];
  /** The XYZ values of red, green and blue, adapted to D50; none for grey. */
  readonly primaries: readonly (readonly [number, number, number])[];
  /** What to use instead of curves and primaries. */
  readonly table?: ColourTable;
}

/** The colour space of a profile, such as `"RGB "` or `"CMYK"`. */
function iccSpace(icc: Uint8Array): string {
  return String.fromCharCode(...icc.subarray(16, 20));
}

/** The colour spaces of profiles that fit a number of colours. */
const spacesOf: Readonly<Record<number, readonly string[]>> = {
  1: ["GRAY", "RGB "],
  3: ["RGB "],
  4: ["CMYK"],
};

/**
 * Checks whether a profile is one of an image's colours. Others are ignored.
 *
 * @param icc The profile.
 * @param colours Number of colour channels: 1 grey, 3 RGB, 4 CMYK.
 * @returns Whether it is; grey may have a profile of RGB.
 */
export function fitsColours(icc: Uint8Array, colours: number): boolean {
  return spacesOf[colours]?.includes(iccSpace(icc)) === true;
}

/**
 * Reads an ICC profile.
 *
 * @param icc The whole profile.
 * @returns The curves and primaries; undefined if the profile is damaged or of
 * another kind.
 */
export function readIccProfile(icc: Uint8Array): IccProfile | undefined {
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  const name = (at: number) => String.fromCharCode(...icc.subarray(at, at + 4));
  try {
    if (name(36) !== "acsp") return undefined;
    const tags = new Map<string, number>();
    for (let i = 0; i < view.getUint32(128); i++) {
      tags.set(name(132 + 12 * i), view.getUint32(136 + 12 * i));
    }
    const space = iccSpace(icc);
    if (space === "GRAY") {
      const curve = readCurve(view, tags.get("kTRC"));
      if (curve === undefined) return undefined;
      // With this connection space the curve gives lightness.
      const isLab = name(20) === "Lab ";
      const linear: ToneCurve = (v) => fromLightness(100 * curve(v));
      return { curves: [isLab ? linear : curve], primaries: [] };
    }
    if (space !== "RGB ") return undefined;
    // A table takes precedence over the curves and the matrix.
    const tableAt = tags.get("A2B0");
    if (tableAt !== undefined) {
      const table = readTable(view, tableAt, name(20) === "Lab ");
      return table && { curves: [], primaries: [], table };
    }
    const letters = ["r", "g", "b"];
    const curves = letters.map((c) => readCurve(view, tags.get(`${c}TRC`)));
    const primaries = letters.map((c) => readXyz(view, tags.get(`${c}XYZ`)));
    return curves.every((curve) => curve !== undefined) &&
        primaries.every((xyz) => xyz !== undefined)
      ? { curves, primaries }
      : undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

function readXyz(
  view: DataView,
  at: number | undefined,
): readonly [number, number, number] | undefined {
  if (at === undefined) return undefined;
  const value = (i: number) => view.getInt32(at + 8 + 4 * i) / 65536;
  return [value(0), value(1), value(2)];
}
