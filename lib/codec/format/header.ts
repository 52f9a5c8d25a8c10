/**
 * The first bytes of a file: what it holds, and where its prefixes end.
 *
 *     magic       4  F1 6F 6E 65 ("one")
 *     version     1  3
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
import { pushChecksum, pushVarint } from "./bytes.ts";
import { CodecError } from "./codec_error.ts";
import { crc32 } from "./crc32.ts";
import {
  checkChoices,
  checkSides,
  CHECKSUM_BYTES,
  HEADER_PLACES,
  type HeaderKind,
  HeaderReader,
  MAX_COARSENESS,
  MODEL_ID_BYTES,
  requireWithin,
} from "./header_fields.ts";

/** The version of the format that this code writes and reads. */
export const FORMAT_VERSION = 5;

/** Maximum bytes of a layer's stream: 4 bytes of LEB128. */
const MAX_LAYER_BYTES = 2 ** 28 - 1;

/** What a file begins with. */
const PHOTO_FILE: HeaderKind = {
  name: "onecode file",
  noun: "file",
  content: "photo",
  magic: [0xf1, 0x6f, 0x6e, 0x65],
  version: FORMAT_VERSION,
};

/** Maximum bytes of a header; the minimum is 24. */
export const MAX_HEADER_BYTES = 37;

/** The maximum effort of the encoder. */
export const MAX_EFFORT = 10;

/** Where the sizes begin. */
const SIZES_AT = HEADER_PLACES.model + MODEL_ID_BYTES;

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
  requireWithin("width", width, 1, Infinity);
  requireWithin("height", height, 1, Infinity);
  requireWithin("quality", quality, 1, 100);
  requireWithin("coarseness", coarseness, 0, MAX_COARSENESS);
  requireWithin("effort", effort, 0, MAX_EFFORT);
  checkLimits(header);
  const bytes: number[] = [
    ...PHOTO_FILE.magic,
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
  const reader = new HeaderReader(prefix, PHOTO_FILE, SIZES_AT);
  const quality = prefix[HEADER_PLACES.quality]!;
  const settings = prefix[HEADER_PLACES.settings]!;
  const [width, height] = [reader.next("width"), reader.next("height")];
  const layers = [0, 1, 2].map((layer) => reader.next(`layer ${layer}`));
  const headerBytes = reader.finish();
  const header: Header = {
    model: prefix.slice(HEADER_PLACES.model, SIZES_AT),
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

function checkReadable(header: Header): void {
  const { width, height, quality, coarseness, effort } = header;
  if (width < 1 || height < 1) {
    throw new CodecError("damaged", `The photo is ${width}x${height} pixels.`);
  }
  checkChoices(quality, coarseness);
  if (effort > MAX_EFFORT) {
    throw new CodecError("damaged", `Effort ${effort} is not in 0..10.`);
  }
  checkLimits(header);
}

/** Refuses files over the limits, both when writing and when reading. */
function checkLimits(
  { width, height, layerBytes }: Pick<
    Header,
    "width" | "height" | "layerBytes"
  >,
): void {
  checkSides(PHOTO_FILE, width, height);
  for (const bytes of layerBytes) {
    if (bytes > MAX_LAYER_BYTES) {
      throw new CodecError(
        "too large",
        `A layer has at most ${MAX_LAYER_BYTES} bytes, but one has ${bytes}.`,
      );
    }
  }
}
