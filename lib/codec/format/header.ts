/**
 * The first bytes of a file: what it holds, and where its prefixes end.
 *
 *     magic       4  F1 6F 6E 65 ("one")
 *     version     1  2
 *     quality     1  1..100
 *     settings    1  coarseness, 0..3, plus 4 times the effort, 0..10
 *     model       8  first bytes of the SHA-256 of the weights
 *     width       1 to 3 ┐
 *     height      1 to 3 │
 *     layer 0     1 to 4 │ LEB128; layers are bytes of their streams
 *     layer 1     1 to 4 │
 *     layer 2     1 to 4 ┘
 *     checksum    4  CRC-32 of all bytes above
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import {
  hex,
  pushChecksum,
  pushVarint,
  readChecksum,
  readVarint,
} from "./bytes.ts";
import { CodecError } from "./codec_error.ts";
import { crc32 } from "./crc32.ts";

/** The version of the format that this code writes and reads. */
export const FORMAT_VERSION = 2;

/** Maximum width and height in pixels. */
const MAX_SIDE = 65535;

/** Maximum bytes of a layer's stream: 4 bytes of LEB128. */
const MAX_LAYER_BYTES = 2 ** 28 - 1;

/** Bytes of a checksum. */
export const CHECKSUM_BYTES = 4;

/** Bytes of a model's id. */
export const MODEL_ID_BYTES = 8;

/** The first bytes of every file. */
const MAGIC: readonly number[] = [0xf1, 0x6f, 0x6e, 0x65];

/** Maximum bytes of a header; the minimum is 24. */
export const MAX_HEADER_BYTES = 37;

/** The maximum coarseness of the first layer. */
const MAX_COARSENESS = 3;

/** The maximum effort of the encoder. */
export const MAX_EFFORT = 10;

/** Offsets of the fields that have a fixed place. */
const VERSION_AT = 4, QUALITY_AT = 5, SETTINGS_AT = 6, MODEL_AT = 7;

/** Where the sizes begin. */
const SIZES_AT = MODEL_AT + MODEL_ID_BYTES;

/** What a file says of itself. */
export interface Header {
  /** The first 8 bytes of the SHA-256 of the weights that made it. */
  readonly model: Uint8Array;
  /** Width of the high image in pixels, 1..65535. */
  readonly width: number;
  /** Height of the high image in pixels, 1..65535. */
  readonly height: number;
  /** The quality that it was encoded with, 1..100. */
  readonly quality: number;
  /** How coarse the medium layer is beside the high one, 0..3. */
  readonly coarseness: number;
  /** The effort that it was encoded with, 0..10. */
  readonly effort: number;
  /**
   * Bytes of the streams of the thumbnail, of what the medium image adds to it,
   * and of what the high image adds.
   */
  readonly layerBytes: readonly [number, number, number];
}

/** A header, and where the parts that it describes end. */
export interface ParsedHeader extends Header {
  /** Bytes of the header, its checksum included. */
  readonly headerBytes: number;
  /** Bytes from the start of the file that make the thumbnail. */
  readonly thumbnailBytes: number;
  /** Bytes from the start of the file that make the medium image. */
  readonly mediumBytes: number;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
}

/**
 * Writes a header.
 *
 * @param header What it says.
 * @returns Its bytes, at most 37.
 * @throws {CodecError} "too large" if a side or a layer is over the limit.
 * @throws {RangeError} If another number is out of its range.
 */
export function writeHeader(
  header: Header,
): Uint8Array<ArrayBuffer> {
  const { model, width, height, quality, coarseness, effort } = header;
  if (model.length !== MODEL_ID_BYTES) {
    throw invalid("model.length", `${MODEL_ID_BYTES}`, model.length);
  }
  const ranges = [
    ["width", width, 1, Infinity],
    ["height", height, 1, Infinity],
    ["quality", quality, 1, 100],
    ["coarseness", coarseness, 0, MAX_COARSENESS],
    ["effort", effort, 0, MAX_EFFORT],
  ] as const;
  for (const [name, value, from, to] of ranges) {
    if (Number.isInteger(value) && value >= from && value <= to) continue;
    const range = to === Infinity ? `from ${from}` : `in ${from}..${to}`;
    throw invalid(name, `a whole number ${range}`, value);
  }
  checkLimits(header);
  const bytes: number[] = [
    ...MAGIC,
    FORMAT_VERSION,
    quality,
    coarseness + (MAX_COARSENESS + 1) * effort,
    ...model,
  ];
  for (const value of [width, height, ...header.layerBytes]) {
    pushVarint(bytes, value);
  }
  pushChecksum(bytes, crc32(Uint8Array.from(bytes)));
  return Uint8Array.from(bytes);
}

/**
 * Reads a header. A client of a CDN requests the first bytes of a file to learn
 * which ranges are the thumbnail and the medium image.
 *
 * @param prefix The file, or its first bytes; 37 are enough.
 * @returns What the header says.
 * @throws {CodecError} If there is no header, or it is damaged.
 *
 * @example
 * ```ts
 * import { parseHeader, writeHeader } from "./header.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeHeader({
 *   ...{ model: new Uint8Array(8), width: 640, height: 480 },
 *   ...{ quality: 50, coarseness: 1, effort: 0 },
 *   layerBytes: [300, 4000, 5000],
 * });
 * const { thumbnailBytes, mediumBytes, fileBytes } = parseHeader(bytes);
 * assertEquals(bytes.length, 29);
 * assertEquals([thumbnailBytes, mediumBytes, fileBytes], [333, 4337, 9341]);
 * ```
 */
export function parseHeader(prefix: Uint8Array): ParsedHeader {
  checkStart(prefix);
  const quality = prefix[QUALITY_AT]!, settings = prefix[SETTINGS_AT]!;
  let end = SIZES_AT;
  const numbers = ["width", "height", "layer 0", "layer 1", "layer 2"]
    .map((name) => {
      const varint = readVarint(prefix, end);
      if (varint === "truncated") throw cutHeader(prefix.length);
      if (varint === "malformed") {
        throw new CodecError(
          "damaged",
          `The ${name} in the header is not a valid number.`,
        );
      }
      end = varint.end;
      return varint.value;
    });
  const headerBytes = end + CHECKSUM_BYTES;
  if (prefix.length < headerBytes) throw cutHeader(prefix.length);
  if (readChecksum(prefix, end) !== crc32(prefix.subarray(0, end))) {
    throw new CodecError("damaged", "The header's checksum is wrong.");
  }
  const [width, height, ...layers] = numbers as [number, number, ...number[]];
  const header: Header = {
    model: prefix.slice(MODEL_AT, SIZES_AT),
    ...{ width, height, quality },
    coarseness: settings % (MAX_COARSENESS + 1),
    effort: Math.floor(settings / (MAX_COARSENESS + 1)),
    layerBytes: layers as [number, number, number],
  };
  checkReadable(header);
  const ends = layers.map((_, i) =>
    layers.slice(0, i + 1)
      .reduce((sum, bytes) => sum + bytes + CHECKSUM_BYTES, headerBytes)
  );
  const [thumbnailBytes, mediumBytes, fileBytes] = ends as [
    number,
    number,
    number,
  ];
  return { ...header, headerBytes, thumbnailBytes, mediumBytes, fileBytes };
}

/** Checks the bytes before the sizes. */
function checkStart(prefix: Uint8Array): void {
  const start = prefix.subarray(0, MAGIC.length);
  if (start.some((byte, i) => byte !== MAGIC[i])) {
    throw new CodecError(
      "not a onecode file",
      "A onecode file begins with f1 6f 6e 65, but this one begins with " +
        `${hex(start, " ")}.`,
    );
  }
  const version = prefix[VERSION_AT] ?? FORMAT_VERSION;
  if (version !== FORMAT_VERSION) {
    const older = version < FORMAT_VERSION
      ? "; FORMAT.md says how to read older files"
      : "";
    throw new CodecError(
      "unsupported version",
      `The file has version ${version} of the format, but only version ` +
        `${FORMAT_VERSION} can be read${older}.`,
    );
  }
  if (prefix.length < SIZES_AT) throw cutHeader(prefix.length);
}

/** The error of a file that ends in its header. */
function cutHeader(length: number): CodecError {
  return new CodecError(
    "truncated",
    length === 0
      ? "The file is empty."
      : `The file ends inside its header, after ${length} bytes.`,
  );
}

function checkReadable(header: Header): void {
  const { width, height, quality, effort } = header;
  if (width < 1 || height < 1) {
    throw new CodecError("damaged", `The photo is ${width}x${height} pixels.`);
  }
  if (quality < 1 || quality > 100) {
    throw new CodecError("damaged", `Quality ${quality} is not in 1..100.`);
  }
  if (effort > MAX_EFFORT) {
    throw new CodecError("damaged", `Effort ${effort} is not in 0..10.`);
  }
  checkLimits(header);
}

/** Refuses files over the limits, both when writing and when reading. */
function checkLimits(
  { width, height, layerBytes }: {
    readonly width: number;
    readonly height: number;
    readonly layerBytes: readonly number[];
  },
): void {
  if (width > MAX_SIDE || height > MAX_SIDE) {
    throw new CodecError(
      "too large",
      `A photo has at most ${MAX_SIDE} pixels per side, but this one is ` +
        `${width}x${height}.`,
    );
  }
  for (const bytes of layerBytes) {
    if (bytes > MAX_LAYER_BYTES) {
      throw new CodecError(
        "too large",
        `A layer has at most ${MAX_LAYER_BYTES} bytes, but one has ${bytes}.`,
      );
    }
  }
}
