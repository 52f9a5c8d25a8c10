/**
 * The first bytes of a file: what it holds, and how much of it the medium
 * image needs.
 *
 *     magic       4  F1 6F 6E 65 ("one")
 *     version     1  1
 *     quality     1  1..100, plus 128 if there are two layers
 *     model       8  first bytes of the SHA-256 of the weights
 *     width       1 to 3 ┐
 *     height      1 to 3 │ LEB128
 *     layer 1     1 to 4 │ bytes of its stream
 *     layer 2     1 to 4 ┘ if there is one
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
export const FORMAT_VERSION = 1;

/** Maximum width and height in pixels. */
const MAX_SIDE = 65535;

/** Maximum bytes of a layer's stream: 4 bytes of LEB128. */
const MAX_LAYER_BYTES = 2 ** 28 - 1;

/** Maximum bytes of a header; the minimum is 22. */
export const MAX_HEADER_BYTES = 32;

/** Bytes of a checksum. */
export const CHECKSUM_BYTES = 4;

/** Bytes of a model's id. */
export const MODEL_ID_BYTES = 8;

/** The first bytes of every file. */
export const MAGIC: readonly number[] = [0xf1, 0x6f, 0x6e, 0x65];

/** Added to the quality if there are two layers. */
const TWO_LAYERS = 128;

/** Offsets of the fields that have a fixed place. */
const VERSION_AT = 4, QUALITY_AT = 5, MODEL_AT = 6, SIZES_AT = 14;

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
  /**
   * Bytes of each layer's stream. With two layers the first is the medium
   * image and both are the high one; with one layer both images come from it.
   */
  readonly layerBytes: readonly [number] | readonly [number, number];
}

/** A header, and where the parts that it describes end. */
export interface ParsedHeader extends Header {
  /** Bytes of the header, its checksum included. */
  readonly headerBytes: number;
  /** Bytes from the start of the file that make the medium image. */
  readonly mediumBytes: number;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
}

/**
 * Writes a header.
 *
 * @param header What it says.
 * @returns Its bytes, at most 32.
 * @throws {CodecError} "too large" if a side or a layer is over the limit.
 * @throws {RangeError} If another number is out of its range.
 */
export function writeHeader(header: Header): Uint8Array<ArrayBuffer> {
  checkWritable(header);
  const { model, width, height, quality, layerBytes } = header;
  const bytes: number[] = [
    ...MAGIC,
    FORMAT_VERSION,
    quality + (layerBytes.length === 2 ? TWO_LAYERS : 0),
    ...model,
  ];
  for (const value of [width, height, ...layerBytes]) pushVarint(bytes, value);
  pushChecksum(bytes, crc32(Uint8Array.from(bytes)));
  return Uint8Array.from(bytes);
}

function checkWritable(header: Header): void {
  const { model, width, height, quality } = header;
  const isNatural = (value: number) => Number.isInteger(value) && value >= 1;
  if (model.length !== MODEL_ID_BYTES) {
    throw invalid("model.length", `${MODEL_ID_BYTES}`, model.length);
  }
  for (const [name, side] of Object.entries({ width, height })) {
    if (!isNatural(side)) throw invalid(name, "a whole number from 1", side);
  }
  if (!isNatural(quality) || quality > 100) {
    throw invalid("quality", "a whole number in 1..100", quality);
  }
  checkLimits(header);
}

/**
 * Reads a header. A client of a CDN requests the first bytes of a file to
 * learn which range is the medium image.
 *
 * @param prefix The file, or its first bytes; 32 are enough.
 * @returns What the header says.
 * @throws {CodecError} If there is no header, or it is damaged.
 *
 * @example
 * ```ts
 * import { parseHeader, writeContainer } from "@/codec/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file = writeContainer({
 *   model: new Uint8Array(8),
 *   width: 640,
 *   height: 480,
 *   quality: 50,
 *   layers: [new Uint8Array(900), new Uint8Array(2000)],
 * });
 * const { mediumBytes, fileBytes } = parseHeader(file.subarray(0, 32));
 * assertEquals(mediumBytes, 930); // a header of 26, 900, a checksum of 4
 * assertEquals(fileBytes, file.length);
 * ```
 */
export function parseHeader(prefix: Uint8Array): ParsedHeader {
  checkStart(prefix);
  const quality = prefix[QUALITY_AT]! % TWO_LAYERS;
  const layers = prefix[QUALITY_AT]! < TWO_LAYERS ? 1 : 2;
  const names = ["width", "height", "layer 1", "layer 2"].slice(0, 2 + layers);
  let end = SIZES_AT;
  const numbers = names.map((name) => {
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
  const [width, height, first, second] = numbers as [
    number,
    number,
    number,
    number?,
  ];
  const header: Header = {
    model: prefix.slice(MODEL_AT, SIZES_AT),
    width,
    height,
    quality,
    layerBytes: second === undefined ? [first] : [first, second],
  };
  checkReadable(header);
  const mediumBytes = headerBytes + first + CHECKSUM_BYTES;
  const rest = second === undefined ? 0 : second + CHECKSUM_BYTES;
  return { ...header, headerBytes, mediumBytes, fileBytes: mediumBytes + rest };
}

/**
 * Checks the bytes before the sizes.
 *
 * @param prefix The file, or its first bytes.
 * @param version The version that is read.
 * @param sizesAt Where the sizes begin.
 * @throws {CodecError} If it is no file, of another version, or cut there.
 */
export function checkStart(
  prefix: Uint8Array,
  version: number = FORMAT_VERSION,
  sizesAt: number = SIZES_AT,
): void {
  const start = prefix.subarray(0, MAGIC.length);
  if (start.some((byte, i) => byte !== MAGIC[i])) {
    throw new CodecError(
      "not a onecode file",
      "A onecode file begins with f1 6f 6e 65, but this one begins with " +
        `${hex(start, " ")}.`,
    );
  }
  if (prefix.length > VERSION_AT && prefix[VERSION_AT] !== version) {
    throw new CodecError(
      "unsupported version",
      `The file has version ${prefix[VERSION_AT]} of the format, but only ` +
        `version ${version} can be read.`,
    );
  }
  if (prefix.length < sizesAt) throw cutHeader(prefix.length);
}

/**
 * The error of a file that ends in its header.
 *
 * @param length Bytes of the file.
 */
export function cutHeader(length: number): CodecError {
  return new CodecError(
    "truncated",
    length === 0
      ? "The file is empty."
      : `The file ends inside its header, after ${length} bytes.`,
  );
}

function checkReadable(header: Header): void {
  const { width, height, quality } = header;
  if (width < 1 || height < 1) {
    throw new CodecError("damaged", `The photo is ${width}x${height} pixels.`);
  }
  if (quality < 1 || quality > 100) {
    throw new CodecError("damaged", `Quality ${quality} is not in 1..100.`);
  }
  checkLimits(header);
}

/**
 * Refuses files over the format's limits, both when writing and when reading.
 *
 * @param header Its sizes are checked.
 * @throws {CodecError} "too large" if a side or a layer is over the limit.
 */
export function checkLimits(
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
