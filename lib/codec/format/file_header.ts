/**
 * The first bytes of a file of version 2: what it holds, and where its prefixes
 * end.
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
import { pushChecksum, pushVarint, readChecksum, readVarint } from "./bytes.ts";
import { CodecError } from "./codec_error.ts";
import { crc32 } from "./crc32.ts";
import {
  checkLimits,
  checkStart,
  CHECKSUM_BYTES,
  cutHeader,
  MAGIC,
  MODEL_ID_BYTES,
} from "./header.ts";

/** The version of the format. */
const VERSION = 2;

/** Maximum bytes of a header; the minimum is 24. */
export const MAX_FILE_HEADER_BYTES = 37;

/** The maximum coarseness of the first layer. */
const MAX_COARSENESS = 3;

/** The maximum effort of the encoder. */
const MAX_EFFORT = 10;

/** Offsets of the fields that have a fixed place. */
const QUALITY_AT = 5, SETTINGS_AT = 6, MODEL_AT = 7;

/** Where the sizes begin. */
const SIZES_AT = MODEL_AT + MODEL_ID_BYTES;

/** What a file says of itself. */
export interface FileHeader {
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
export interface ParsedFileHeader extends FileHeader {
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
export function writeFileHeader(
  header: FileHeader,
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
    VERSION,
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
 * import { parseFileHeader, writeFileHeader } from "./file_header.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeFileHeader({
 *   ...{ model: new Uint8Array(8), width: 640, height: 480 },
 *   ...{ quality: 50, coarseness: 1, effort: 0 },
 *   layerBytes: [300, 4000, 5000],
 * });
 * const { thumbnailBytes, mediumBytes, fileBytes } = parseFileHeader(bytes);
 * assertEquals(bytes.length, 29);
 * assertEquals([thumbnailBytes, mediumBytes, fileBytes], [333, 4337, 9341]);
 * ```
 */
export function parseFileHeader(prefix: Uint8Array): ParsedFileHeader {
  checkStart(prefix, VERSION, SIZES_AT);
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
  const header: FileHeader = {
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

function checkReadable(header: FileHeader): void {
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
