/**
 * Image files whose colours are known: TIFF and PNG files of any depth and
 * layout, ICC profiles made of primaries and a gamma, and both put together.
 *
 * @module
 */
import { crc32, deflateSync } from "node:zlib";

/** Rows of a 3x3 matrix. */
export type Matrix = readonly (readonly [number, number, number])[];

/** Three values: red, green and blue, or X, Y and Z. */
export type Triple = readonly [number, number, number];

/** A colour space that an ICC profile describes. */
export interface ColourSpace {
  /** Its usual name. */
  readonly name: string;
  /** Linear RGB to XYZ, adapted to D50; grey profiles have none. */
  readonly toXyz?: Matrix;
  /** The exponent of its tone curve; sRGB's own curve if absent. */
  readonly gamma?: number;
  /** The numbers of a parametric curve of the profile, as ICC.1 orders them. */
  readonly parametric?: readonly number[];
}

// B. Lindbloom, "RGB/XYZ Matrices", Bradford-adapted to D50.
export const srgb: ColourSpace = {
  name: "sRGB",
  toXyz: [
    [0.4360747, 0.3850649, 0.1430804],
    [0.2225045, 0.7168786, 0.0606169],
    [0.0139322, 0.0971045, 0.7141733],
  ],
};

export const displayP3: ColourSpace = {
  name: "Display P3",
  toXyz: [
    [0.515102, 0.291965, 0.157153],
    [0.241182, 0.692236, 0.066582],
    [-0.001049, 0.041882, 0.784378],
  ],
};

export const adobeRgb: ColourSpace = {
  name: "Adobe RGB",
  gamma: 2 + 51 / 256,
  toXyz: [
    [0.6097559, 0.2052401, 0.1492240],
    [0.3111242, 0.6256560, 0.0632197],
    [0.0194811, 0.0608902, 0.7448387],
  ],
};

export const proPhoto: ColourSpace = {
  name: "ProPhoto RGB",
  gamma: 1.8,
  toXyz: [
    [0.7976749, 0.1351917, 0.0313534],
    [0.2880402, 0.7118741, 0.0000857],
    [0, 0, 0.8252100],
  ],
};

/** From an encoded value of a colour space to a linear one, both 0..1. */
export function toLinear({ gamma }: ColourSpace, value: number): number {
  if (gamma !== undefined) return value ** gamma;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** From a linear value to an encoded one, both 0..1; clips. */
export function toEncoded({ gamma }: ColourSpace, linear: number): number {
  const value = Math.min(1, Math.max(0, linear));
  if (gamma !== undefined) return value ** (1 / gamma);
  return value <= 0.0031308
    ? value * 12.92
    : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** Encoded colour of one space, 0..1, to the encoded colour of another. */
export function convert(
  colour: Triple,
  from: ColourSpace,
  to: ColourSpace,
): Triple {
  if (from.toXyz === undefined || to.toXyz === undefined) {
    const grey = toEncoded(to, toLinear(from, colour[0]));
    return [grey, grey, grey];
  }
  const linear = colour.map((v) => toLinear(from, v)) as unknown as Triple;
  const xyz = multiply(from.toXyz, linear);
  return multiply(inverse(to.toXyz), xyz)
    .map((v) => toEncoded(to, v)) as unknown as Triple;
}

function multiply(m: Matrix, v: Triple): Triple {
  return m.map((row) =>
    row[0] * v[0] + row[1] * v[1] + row[2] * v[2]
  ) as unknown as Triple;
}

function inverse(m: Matrix): Matrix {
  const [[a, b, c], [d, e, f], [g, h, i]] = m as [Triple, Triple, Triple];
  const minors = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ] as const;
  const det = a * minors[0][0] + b * minors[1][0] + c * minors[2][0];
  return minors.map((row) => row.map((v) => v / det) as unknown as Triple);
}

/** A minimal ICC profile, version 2.4, of one curve and, for RGB, a matrix. */
export function iccProfile(space: ColourSpace): Uint8Array {
  const curve = curveTag(space);
  const tags: [string, Uint8Array][] = [
    ["desc", descTag(space.name)],
    ["cprt", textTag("None")],
    ["wtpt", xyzTag([0.9642, 1, 0.8249])],
  ];
  if (space.toXyz === undefined) tags.push(["kTRC", curve]);
  else {
    for (const [i, letter] of ["r", "g", "b"].entries()) {
      const column = space.toXyz.map((row) => row[i]) as unknown as Triple;
      tags.push([`${letter}XYZ`, xyzTag(column)], [`${letter}TRC`, curve]);
    }
  }
  const start = 128 + 4 + tags.length * 12;
  const size = start + tags.reduce((sum, [, t]) => sum + padded(t.length), 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  view.setUint32(8, space.parametric ? 0x04000000 : 0x02400000);
  write(bytes, 12, "mntr");
  write(bytes, 16, space.toXyz === undefined ? "GRAY" : "RGB ");
  write(bytes, 20, "XYZ ");
  view.setUint16(24, 2026);
  view.setUint16(26, 1);
  view.setUint16(28, 1);
  write(bytes, 36, "acsp");
  [0.9642, 1, 0.8249].forEach((v, i) => view.setInt32(68 + 4 * i, fixed(v)));
  view.setUint32(128, tags.length);
  let at = start;
  for (const [i, [name, tag]] of tags.entries()) {
    write(bytes, 132 + 12 * i, name);
    view.setUint32(136 + 12 * i, at);
    view.setUint32(140 + 12 * i, tag.length);
    bytes.set(tag, at);
    at += padded(tag.length);
  }
  return bytes;
}

function curveTag(space: ColourSpace): Uint8Array {
  const { gamma, parametric } = space;
  if (parametric !== undefined) {
    const kind = [1, 3, 4, 5, 7].indexOf(parametric.length);
    const bytes = new Uint8Array(12 + 4 * parametric.length);
    const view = new DataView(bytes.buffer);
    write(bytes, 0, "para");
    view.setUint16(8, kind);
    parametric.forEach((v, i) => view.setInt32(12 + 4 * i, fixed(v)));
    return bytes;
  }
  const count = gamma === undefined ? 4096 : 1;
  const bytes = new Uint8Array(12 + 2 * count);
  const view = new DataView(bytes.buffer);
  write(bytes, 0, "curv");
  view.setUint32(8, count);
  if (gamma !== undefined) view.setUint16(12, Math.round(gamma * 256));
  else {
    for (let i = 0; i < count; i++) {
      const value = toLinear(space, i / (count - 1));
      view.setUint16(12 + 2 * i, Math.round(value * 65535));
    }
  }
  return bytes;
}

function xyzTag(xyz: Triple): Uint8Array {
  const bytes = new Uint8Array(20);
  write(bytes, 0, "XYZ ");
  const view = new DataView(bytes.buffer);
  xyz.forEach((v, i) => view.setInt32(8 + 4 * i, fixed(v)));
  return bytes;
}

function descTag(text: string): Uint8Array {
  const bytes = new Uint8Array(12 + text.length + 1 + 78);
  write(bytes, 0, "desc");
  new DataView(bytes.buffer).setUint32(8, text.length + 1);
  write(bytes, 12, text);
  return bytes;
}

function textTag(text: string): Uint8Array {
  const bytes = new Uint8Array(8 + text.length + 1);
  write(bytes, 0, "text");
  write(bytes, 8, text);
  return bytes;
}

function write(bytes: Uint8Array, at: number, text: string): void {
  bytes.set(new TextEncoder().encode(text), at);
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

function fixed(value: number): number {
  return Math.round(value * 65536);
}

/** What a TIFF file holds; see TIFF 6.0. */
export interface Tiff {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** All samples, interleaved, as they are stored. */
  readonly samples: readonly number[];
  /** Samples per pixel. */
  readonly channels: number;
  /** 8, 16, 32 or 64 bits per sample; 1 and 4 pack each row into bytes. */
  readonly bits: 1 | 4 | 8 | 16 | 32 | 64;
  /** 1 unsigned (the default), 2 signed, 3 floating point. */
  readonly format?: 1 | 2 | 3;
  /** 0 white is zero, 1 black is zero, 2 RGB, 5 CMYK, 6 YCbCr, 8 Lab. */
  readonly photometric: number;
  /** The meaning of each channel beyond the colours. */
  readonly extras?: readonly number[];
  /** The colours of a palette, red first, then green and blue, 0..65535. */
  readonly palette?: readonly number[];
  /** An ICC profile. */
  readonly icc?: Uint8Array;
  /** How the picture is turned, 1 to 8 as in EXIF. */
  readonly orientation?: number;
  /** Whether the bytes of numbers run from the highest to the lowest. */
  readonly bigEndian?: boolean;
  /** Whether it is a BigTIFF, with offsets of 64 bits. */
  readonly big?: boolean;
  /** Whether each channel lies apart. */
  readonly planar?: boolean;
}

/** Writes an uncompressed TIFF file. */
export function tiffFile(tiff: Tiff): Uint8Array {
  const { width, height, channels, bits, format = 1 } = tiff;
  const little = !tiff.bigEndian;
  const data = tiffSamples(tiff);
  const entries: [tag: number, type: 1 | 3 | 4, values: number[]][] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, new Array(channels).fill(bits)],
    [259, 3, [1]],
    [262, 3, [tiff.photometric]],
    [273, 4, [16]],
    [277, 3, [channels]],
    [278, 4, [height]],
    [279, 4, [data.length]],
  ];
  if (tiff.planar) {
    const plane = data.length / channels;
    const planes = Array.from({ length: channels }, (_, i) => 16 + i * plane);
    entries[5] = [273, 4, planes];
    entries[8] = [279, 4, planes.map(() => plane)];
    entries.push([284, 3, [2]]);
  }
  if (tiff.photometric === 6) entries.push([530, 3, [1, 1]]);
  if (tiff.orientation) entries.push([274, 3, [tiff.orientation]]);
  if (tiff.palette) entries.push([320, 3, [...tiff.palette]]);
  if (tiff.extras) entries.push([338, 3, [...tiff.extras]]);
  if (format !== 1) entries.push([339, 3, new Array(channels).fill(format)]);
  if (tiff.icc) entries.push([34675, 1, [...tiff.icc]]);
  entries.sort((a, b) => a[0] - b[0]);

  const wordSize = tiff.big ? 8 : 4;
  const valueBytes = { 1: 1, 3: 2, 4: 4 } as const;
  const table = 16 + data.length + data.length % 2;
  const head = tiff.big ? 8 : 2;
  const entrySize = 4 + 2 * wordSize;
  let free = table + head + entries.length * entrySize + wordSize;
  const size = entries.reduce(
    (sum, [, type, values]) => sum + valueBytes[type] * values.length + 8,
    free,
  );
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: number) =>
    tiff.big
      ? view.setBigUint64(at, BigInt(value), little)
      : view.setUint32(at, value, little);
  write(bytes, 0, little ? "II" : "MM");
  view.setUint16(2, tiff.big ? 43 : 42, little);
  if (tiff.big) view.setUint16(4, 8, little);
  word(tiff.big ? 8 : 4, table);
  bytes.set(data, 16);
  if (tiff.big) word(table, entries.length);
  else view.setUint16(table, entries.length, little);
  entries.forEach(([tag, type, values], i) => {
    const at = table + head + i * entrySize;
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, type, little);
    word(at + 4, values.length);
    const length = valueBytes[type] * values.length;
    const fits = length <= wordSize;
    if (!fits) word(at + 4 + wordSize, free);
    const start = fits ? at + 4 + wordSize : free;
    values.forEach((value, j) => {
      if (type === 1) view.setUint8(start + j, value);
      else if (type === 3) view.setUint16(start + 2 * j, value, little);
      else view.setUint32(start + 4 * j, value, little);
    });
    if (!fits) free += length + length % 2;
  });
  return bytes;
}

function tiffSamples(tiff: Tiff): Uint8Array {
  const { width, height, channels, bits, format = 1 } = tiff;
  const little = !tiff.bigEndian;
  const { samples } = tiff;
  if (bits < 8) {
    const rowBytes = Math.ceil(width * channels * bits / 8);
    const bytes = new Uint8Array(rowBytes * height);
    samples.forEach((value, i) => {
      const row = Math.floor(i / (width * channels));
      const bit = (i % (width * channels)) * bits;
      const at = row * rowBytes + (bit >> 3);
      bytes[at]! |= value << (8 - bits - (bit & 7));
    });
    return bytes;
  }
  const step = bits / 8;
  const bytes = new Uint8Array(samples.length * step);
  const view = new DataView(bytes.buffer);
  samples.forEach((value, i) => {
    const place = tiff.planar
      ? (i % channels) * width * height + Math.floor(i / channels)
      : i;
    const at = place * step;
    if (bits === 8) view.setUint8(at, value & 255);
    else if (bits === 16 && format === 3) view.setFloat16(at, value, little);
    else if (bits === 16) view.setUint16(at, value & 65535, little);
    else if (bits === 32 && format === 3) view.setFloat32(at, value, little);
    else if (bits === 32) view.setUint32(at, value >>> 0, little);
    else view.setFloat64(at, value, little);
  });
  return bytes;
}

/** What a PNG file holds. */
export interface Png {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** All samples, interleaved, 0..255 or 0..65535. */
  readonly samples: readonly number[];
  /** Samples per pixel: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: number;
  /** 8 or 16 bits per sample. */
  readonly bits: 8 | 16;
  /** An ICC profile. */
  readonly icc?: Uint8Array | undefined;
  /** How many rows there really are; all by default. */
  readonly rows?: number;
  /** Other chunks before the pixels. */
  readonly chunks?: readonly (readonly [name: string, data: Uint8Array])[];
}

/** Writes a PNG file. */
export function pngFile(png: Png): Uint8Array {
  const { width, height, samples, channels, bits, icc } = png;
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([bits, [0, 0, 4, 2, 6][channels]!], 8);
  const step = bits / 8;
  const row = 1 + width * channels * step;
  const rows = new Uint8Array(row * (png.rows ?? height));
  samples.forEach((value, i) => {
    const y = Math.floor(i / (width * channels));
    const at = y * row + 1 + (i % (width * channels)) * step;
    if (bits === 16) rows.set([value >> 8, value & 255], at);
    else rows[at] = value;
  });
  const chunks: (readonly [string, Uint8Array])[] = [["IHDR", head]];
  if (icc) {
    const name = new TextEncoder().encode("x\0\0");
    chunks.push(["iCCP", join(name, deflateSync(icc))]);
  }
  chunks.push(...png.chunks ?? [], ["IDAT", deflateSync(rows)]);
  chunks.push(["IEND", new Uint8Array()]);
  const signature = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
  return join(
    signature,
    ...chunks.map(([name, data]) => {
      const body = join(new TextEncoder().encode(name), data);
      return join(bigEndian(data.length), body, bigEndian(crc32(body)));
    }),
  );
}

/** Puts an ICC profile into a JPEG file that has none. */
export function jpegWithIcc(jpeg: Uint8Array, icc: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode("ICC_PROFILE\0\x01\x01");
  const length = 2 + name.length + icc.length;
  const start = Uint8Array.of(
    0xff,
    0xd8,
    0xff,
    0xe2,
    length >> 8,
    length & 255,
  );
  return join(start, name, icc, jpeg.subarray(2));
}

/** Puts an ICC profile into a WebP file that has none. */
export function webpWithIcc(webp: Uint8Array, icc: Uint8Array): Uint8Array {
  const isExtended = ascii(webp, 12) === "VP8X";
  const old = new DataView(webp.buffer, webp.byteOffset);
  const extended = new Uint8Array(18);
  write(extended, 0, "VP8X");
  extended[4] = 10;
  if (isExtended) extended.set(webp.subarray(20, 30), 8);
  else if (ascii(webp, 12) === "VP8L") {
    const bits = old.getUint32(21, true);
    extended[8] = (bits >>> 28) & 1 ? 16 : 0; // alpha
    extended.set(little24(bits & 0x3fff), 12);
    extended.set(little24((bits >>> 14) & 0x3fff), 15);
  }
  extended[8]! |= 32;
  const body = webp.subarray(isExtended ? 30 : 12);
  const odd = new Uint8Array(icc.length % 2);
  const chunk = join(
    new TextEncoder().encode("ICCP"),
    bigEndian(icc.length).reverse(),
    icc,
    odd,
  );
  const rest = join(new TextEncoder().encode("WEBP"), extended, chunk, body);
  return join(
    new TextEncoder().encode("RIFF"),
    bigEndian(rest.length).reverse(),
    rest,
  );
}

/**
 * Makes an AVIF file state its colours as numbers, in the place of its ICC
 * profile, as encoders other than sharp do.
 */
export function avifWithCodes(
  avif: Uint8Array,
  primaries: number,
  transfer: number,
): Uint8Array {
  const out = new Uint8Array(avif);
  const at = new TextDecoder("latin1").decode(avif).indexOf("colr") + 4;
  write(out, at, "nclx");
  out.set(
    [primaries >> 8, primaries, transfer >> 8, transfer, 0, 6, 128],
    at + 4,
  );
  return out;
}

function ascii(bytes: Uint8Array, at: number): string {
  return new TextDecoder("latin1").decode(bytes.subarray(at, at + 4));
}

function little24(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >> 8) & 255, 0);
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
