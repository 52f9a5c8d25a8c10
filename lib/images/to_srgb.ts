/**
 * Decoded samples to 8-bit sRGB, where sharp does not suffice:
 *
 * - It leaves 16-bit colours with an ICC profile in Display P3, rounds others
 *   down, and is off by up to 7 where a profile has a table.
 * - It ignores many profiles of grey, and rounds dark 8-bit grey.
 * - It cannot skip channels, and divides by transparency without rounding.
 *
 * @module
 */
import type { ToneCurve } from "./icc_curve.ts";
import type { IccProfile } from "./icc_profile.ts";
import type { ColourTable } from "./icc_table.ts";
import type { Pixels } from "./pixels.ts";

/** Decoded samples of one image. */
export interface Samples {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Number of samples per pixel. */
  readonly channels: number;
  /** Interleaved samples, row by row: red, green, blue and others. */
  readonly data: Uint8Array | Uint16Array;
}

/** The meaning of samples. */
export interface SampleMeaning {
  /** The profile of the colours; sRGB if undefined. */
  readonly profile: IccProfile | undefined;
  /** Whether the fourth sample is transparency. */
  readonly hasAlpha: boolean;
}

// XYZ adapted to D50 to linear sRGB: the inverse of IEC 61966-2-1's primaries.
const fromXyz = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.0334540],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

/** Linear values in steps of 1 / 65535 to encoded 8-bit ones. */
const encoded: Uint8Array = Uint8Array.from(
  { length: 65536 },
  (_, i) => Math.round(255 * encode(i / 65535)),
);

/**
 * Converts samples to sRGB and lays transparency on white.
 *
 * @param samples The decoded samples; grey ones have three equal colours.
 * @param meaning What they mean.
 * @returns 8-bit sRGB.
 */
export function toSrgb(samples: Samples, meaning: SampleMeaning): Pixels {
  const { width, height } = samples;
  const { profile, hasAlpha } = meaning;
  const data = profile?.table
    ? convertByTable(samples, profile.table)
    : profile?.primaries.length === 3
    ? convertByMatrix(samples, profile)
    : convertByCurve(samples, profile?.curves[0]);
  if (hasAlpha) layOnWhite(data, samples);
  return { width, height, data };
}

/**
 * Divides colours by the transparency that they are multiplied by.
 *
 * @param samples Samples of which the fourth is transparency.
 * @returns Samples of 16 bits.
 */
export function divideByAlpha(samples: Samples): Samples {
  const { channels } = samples;
  const most = largest(samples.data);
  const data = Uint16Array.from(samples.data, (value) => value * 65535 / most);
  for (let at = 0; at < data.length; at += channels) {
    const alpha = data[at + 3]!;
    for (let i = at; i < at + 3; i++) {
      data[i] = Math.min(65535, Math.round(data[i]! * 65535 / (alpha || 1)));
    }
  }
  return { ...samples, data };
}

function convertByCurve(
  { width, height, channels, data }: Samples,
  curve: ToneCurve | undefined,
): Uint8Array {
  const most = largest(data);
  const table = Uint8Array.from({ length: most + 1 }, (_, i) => {
    const value = i / most;
    return Math.round(255 * (curve ? encode(curve(value)) : value));
  });
  const out = new Uint8Array(width * height * 3);
  for (let to = 0, at = 0; to < out.length; to += 3, at += channels) {
    out[to] = table[data[at]!]!;
    out[to + 1] = table[data[at + 1]!]!;
    out[to + 2] = table[data[at + 2]!]!;
  }
  return out;
}

function convertByMatrix(
  { width, height, channels, data }: Samples,
  { curves, primaries }: IccProfile,
): Uint8Array {
  const most = largest(data);
  const [red, green, blue] = curves.map((curve) =>
    Float64Array.from({ length: most + 1 }, (_, i) => curve(i / most))
  ) as [Float64Array, Float64Array, Float64Array];
  // Linear values of the profile to linear sRGB, times 65535.
  const [rr, rg, rb, gr, gg, gb, br, bg, bb] = fromXyz.flatMap((row) =>
    primaries.map((xyz) =>
      65535 * row.reduce((sum, factor, i) => sum + factor * xyz[i]!, 0)
    )
  ) as [number, number, number, number, number, number, number, number, number];
  const out = new Uint8Array(width * height * 3);
  for (let to = 0, at = 0; to < out.length; to += 3, at += channels) {
    const r = red[data[at]!]!;
    const g = green[data[at + 1]!]!;
    const b = blue[data[at + 2]!]!;
    out[to] = encodeFast(rr * r + rg * g + rb * b);
    out[to + 1] = encodeFast(gr * r + gg * g + gb * b);
    out[to + 2] = encodeFast(br * r + bg * g + bb * b);
  }
  return out;
}

function convertByTable(
  { width, height, channels, data }: Samples,
  table: ColourTable,
): Uint8Array {
  const most = largest(data);
  const out = new Uint8Array(width * height * 3);
  const colour = new Float64Array(3);
  for (let to = 0, at = 0; to < out.length; to += 3, at += channels) {
    for (let i = 0; i < 3; i++) colour[i] = data[at + i]! / most;
    table(colour);
    const [x, y, z] = colour as unknown as [number, number, number];
    fromXyz.forEach((row, i) => {
      out[to + i] = encodeFast(65535 * (row[0] * x + row[1] * y + row[2] * z));
    });
  }
  return out;
}

/** A linear value, 0..65535 or beyond, to an 8-bit one. */
function encodeFast(linear: number): number {
  if (linear >= 65535) return 255;
  return linear > 0 ? encoded[(linear + 0.5) | 0]! : 0;
}

function layOnWhite(
  colours: Uint8Array,
  { channels, data }: Samples,
): void {
  const most = largest(data);
  for (let to = 0, at = 3; to < colours.length; to += 3, at += channels) {
    const opacity = data[at]! / most;
    for (let i = to; i < to + 3; i++) {
      colours[i] = Math.round(255 + (colours[i]! - 255) * opacity);
    }
  }
}

function largest(data: Uint8Array | Uint16Array): number {
  return data instanceof Uint16Array ? 65535 : 255;
}

/** A linear value to an encoded one, both 0..1 (IEC 61966-2-1). */
function encode(linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  return value <= 0.0031308
    ? value * 12.92
    : 1.055 * value ** (1 / 2.4) - 0.055;
}
