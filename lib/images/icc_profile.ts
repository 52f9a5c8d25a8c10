/**
 * ICC profiles of grey, and of red, green and blue, that consist of tone curves
 * and a matrix. Almost all profiles of photos are of this kind.
 *
 * @see ICC.1:2022, sections 7, 8.3.3, 8.4.4, 10.6 and 10.18
 * @module
 */

/** Gives linear values for encoded ones, both 0..1. */
export type ToneCurve = (value: number) => number;

/** How the colours of a file become linear. */
export interface IccProfile {
  /** One curve for grey, three for red, green and blue. */
  readonly curves: readonly ToneCurve[];
  /** The XYZ values of red, green and blue, adapted to D50; none for grey. */
  readonly primaries: readonly (readonly [number, number, number])[];
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
    if (name(16) === "GRAY") {
      const curve = readCurve(view, tags.get("kTRC"));
      if (curve === undefined) return undefined;
      // With this connection space the curve gives lightness.
      const isLab = name(20) === "Lab ";
      const linear: ToneCurve = (v) => fromLightness(100 * curve(v));
      return { curves: [isLab ? linear : curve], primaries: [] };
    }
    // A table takes precedence over the curves and the matrix.
    if (name(16) !== "RGB " || tags.has("A2B0")) return undefined;
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

function readCurve(
  view: DataView,
  at: number | undefined,
): ToneCurve | undefined {
  if (at === undefined) return undefined;
  const type = view.getUint32(at);
  const count = view.getUint32(at + 8);
  if (type === 0x63757276) { // "curv"
    if (count === 0) return (value) => value;
    const numbers = Array.from(
      { length: count },
      (_, i) => view.getUint16(at + 12 + 2 * i),
    );
    if (count === 1) return (value) => value ** (numbers[0]! / 256);
    return (value) => {
      const place = value * (count - 1);
      const left = Math.min(count - 2, Math.floor(place));
      const [low, high] = [numbers[left]!, numbers[left + 1]!];
      return (low + (high - low) * (place - left)) / 65535;
    };
  }
  if (type !== 0x70617261) return undefined; // "para"
  const kind = view.getUint16(at + 8);
  const length = [1, 3, 4, 5, 7][kind];
  if (length === undefined) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from(
    { length },
    (_, i) => view.getInt32(at + 12 + 4 * i) / 65536,
  );
  const power = (value: number) => Math.max(0, a * value + b) ** g;
  if (kind === 0) return power;
  if (kind === 1) return (value) => value >= -b / a ? power(value) : 0;
  if (kind === 2) return (value) => value >= -b / a ? power(value) + c : c;
  return (value) => value >= d ? power(value) + e : c * value + f;
}

/** CIE 1976 lightness, 0..100, to luminance, 0..1. */
function fromLightness(lightness: number): number {
  return lightness > 8 ? ((lightness + 16) / 116) ** 3 : lightness * 27 / 24389;
}
