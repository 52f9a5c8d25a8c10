/**
 * What the headers of photos and of clips have in common: they begin with a
 * magic and a version, hold numbers as LEB128, and end with a checksum.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import { hex, readChecksum, readVarint } from "./bytes.ts";
import { CodecError } from "./codec_error.ts";
import { crc32 } from "./crc32.ts";

/** Bytes of a checksum. */
export const CHECKSUM_BYTES = 4;

/** Bytes of a model's id. */
export const MODEL_ID_BYTES = 8;

/** Offsets of the fields that have a fixed place. */
export const HEADER_PLACES = { version: 4, quality: 5, settings: 6, model: 7 };

/** The maximum coarseness of the first layer. */
export const MAX_COARSENESS = 3;

/** Maximum width and height in pixels. */
const MAX_SIDE = 65535;

/** A kind of file, and words for messages. */
export interface HeaderKind {
  /** What the file is called, such as "onecode file". */
  readonly name: string;
  /** A shorter word for it. */
  readonly noun: string;
  /** What it shows. */
  readonly content: string;
  /** Its first bytes. */
  readonly magic: readonly number[];
  /** The version of the format that is written and read. */
  readonly version: number;
}

/** What ends a message about an older version. */
export const OLDER_HINT = "; FORMAT.md says how to read older files";

/**
 * Requires a number of a header that is written.
 *
 * @param name The number's name.
 * @param value The number.
 * @param from Its minimum.
 * @param to Its maximum; Infinity for limits that are checked elsewhere.
 * @throws {RangeError} If it is not a whole number in this range.
 */
export function requireWithin(
  name: string,
  value: number,
  from: number,
  to: number,
): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  const range = to === Infinity ? `from ${from}` : `in ${from}..${to}`;
  throw invalid(name, `a whole number ${range}`, value);
}

/**
 * Checks the sides of an image, both when writing and when reading.
 *
 * @param kind The kind of file.
 * @param width In pixels.
 * @param height In pixels.
 * @throws {CodecError} "too large" if a side is over 65535 pixels.
 */
export function checkSides(
  { content }: HeaderKind,
  width: number,
  height: number,
): void {
  if (width <= MAX_SIDE && height <= MAX_SIDE) return;
  throw new CodecError(
    "too large",
    `A ${content} has at most ${MAX_SIDE} pixels per side, but this one is ` +
      `${width}x${height}.`,
  );
}

/**
 * Checks the quality and the coarseness of a header that is read.
 *
 * @param quality Should be in 1..100.
 * @param coarseness Should be in 0..3.
 * @throws {CodecError} "damaged" if it is not.
 */
export function checkChoices(quality: number, coarseness: number): void {
  if (quality < 1 || quality > 100) {
    throw new CodecError("damaged", `Quality ${quality} is not in 1..100.`);
  }
  if (coarseness > MAX_COARSENESS) {
    throw new CodecError(
      "damaged",
      `Coarseness ${coarseness} is not in 0..${MAX_COARSENESS}.`,
    );
  }
}

/** Reads a header from its first number to its checksum. */
export class HeaderReader {
  readonly #prefix: Uint8Array;
  readonly #kind: HeaderKind;
  #end: number;

  /**
   * Checks the magic and the version.
   *
   * @param prefix The file, or its first bytes.
   * @param kind The kind of file.
   * @param numbersAt Where its numbers begin.
   * @throws {CodecError} If the file is of another kind or version, or ends
   * before its numbers.
   */
  constructor(prefix: Uint8Array, kind: HeaderKind, numbersAt: number) {
    this.#prefix = prefix;
    this.#kind = kind;
    this.#end = numbersAt;
    const { name, noun, magic, version } = kind;
    const start = prefix.subarray(0, magic.length);
    if (start.some((byte, i) => byte !== magic[i])) {
      throw new CodecError(
        "not a onecode file",
        `A ${name} begins with ${hex(Uint8Array.from(magic), " ")}, but this ` +
          `one begins with ${hex(start, " ")}.`,
      );
    }
    const found = prefix[HEADER_PLACES.version] ?? version;
    if (found !== version) {
      throw new CodecError(
        "unsupported version",
        `The ${noun} has version ${found} of the format, but only version ` +
          `${version} can be read${found < version ? OLDER_HINT : ""}.`,
      );
    }
    if (prefix.length < numbersAt) throw this.#cut();
  }

  /**
   * Reads the next number.
   *
   * @param name The number's name.
   * @returns A whole number in 0..2³⁵ - 1.
   * @throws {CodecError} "truncated" or "damaged".
   */
  next(name: string): number {
    const varint = readVarint(this.#prefix, this.#end);
    if (varint === "truncated") throw this.#cut();
    if (varint === "malformed") {
      throw new CodecError(
        "damaged",
        `The ${name} in the header is not a valid number.`,
      );
    }
    this.#end = varint.end;
    return varint.value;
  }

  /**
   * Checks the checksum after the last number.
   *
   * @returns Bytes of the header, the checksum included.
   * @throws {CodecError} "truncated", or "damaged" if the checksum is wrong.
   */
  finish(): number {
    const headerBytes = this.#end + CHECKSUM_BYTES;
    if (this.#prefix.length < headerBytes) throw this.#cut();
    const checksum = crc32(this.#prefix.subarray(0, this.#end));
    if (readChecksum(this.#prefix, this.#end) !== checksum) {
      throw new CodecError("damaged", "The header's checksum is wrong.");
    }
    return headerBytes;
  }

  #cut(): CodecError {
    const { noun } = this.#kind;
    const { length } = this.#prefix;
    return new CodecError(
      "truncated",
      length === 0
        ? `The ${noun} is empty.`
        : `The ${noun} ends inside its header, after ${length} bytes.`,
    );
  }
}
