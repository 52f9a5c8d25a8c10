/**
 * Image files whose colours are known: TIFF and PNG files of any depth and
 * layout, and other files with ICC profiles.
 *
 * @module
 */
import { crc32, deflateSync } from "node:zlib";
import { join, write } from "./_colour_spaces.ts";

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
  /** The way of compression that it states, though there is none. */
  readonly compression?: number;
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
    [259, 3, [tiff.compression ?? 1]],
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
