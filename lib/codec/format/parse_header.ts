/**
 * Bytes to a header.
 *
 * @module
 */
import { readChecksum } from "./_checksum.ts";
import { hex } from "./_hex.ts";
import { readVarint } from "./_varint.ts";
import { CodecError } from "./codec_error.ts";
import { crc32 } from "./crc32.ts";
import {
  checkLimits,
  CHECKSUM_BYTES,
  FORMAT_VERSION,
  type Header,
  MAGIC,
  type ParsedHeader,
  TWO_LAYERS,
} from "./header.ts";

/** Where the fields of a fixed place begin. */
const VERSION_AT = 4, QUALITY_AT = 5, MODEL_AT = 6, SIZES_AT = 14;

/**
 * Reads a header. A CDN's client asks for the first bytes of a file, and then
 * knows which range is the medium image.
 *
 * @param prefix The file, or as many bytes from its start; 30 are enough.
 * @throws {CodecError} If there is no header, or it cannot be.
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
 * const { mediumBytes, fileBytes } = parseHeader(file.subarray(0, 30));
 * assertEquals(mediumBytes, 930); // 26 of the header, 4 of a checksum
 * assertEquals(fileBytes, file.length);
 * ```
 */
export function parseHeader(prefix: Uint8Array): ParsedHeader {
  checkStart(prefix);
  const quality = prefix[QUALITY_AT]! % TWO_LAYERS;
  const layers = prefix[QUALITY_AT]! < TWO_LAYERS ? 1 : 2;
  const numbers: number[] = [];
  let end = SIZES_AT;
  for (
    const name of ["width", "height", "layer 1", "layer 2"].slice(0, 2 + layers)
  ) {
    const varint = readVarint(prefix, end);
    if (varint === "truncated") throw cutHeader(prefix.length);
    if (varint === "malformed") {
      throw new CodecError(
        "damaged",
        `The ${name} in the header is no number.`,
      );
    }
    numbers.push(varint.value);
    end = varint.end;
  }
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

function checkStart(prefix: Uint8Array): void {
  const present = Math.min(prefix.length, MAGIC.length);
  for (let i = 0; i < present; i++) {
    if (prefix[i] !== MAGIC[i]) {
      throw new CodecError(
        "not a onecode file",
        `A onecode file begins with f1 6f 6e 65, but this one with ${
          hex(prefix.subarray(0, present), " ")
        }.`,
      );
    }
  }
  if (prefix.length > VERSION_AT && prefix[VERSION_AT] !== FORMAT_VERSION) {
    throw new CodecError(
      "unsupported version",
      `The file is of version ${prefix[VERSION_AT]} of the format, but only ` +
        `version ${FORMAT_VERSION} can be read.`,
    );
  }
  if (prefix.length < SIZES_AT) throw cutHeader(prefix.length);
}

function cutHeader(length: number): CodecError {
  return new CodecError(
    "truncated",
    length === 0
      ? "The file is empty."
      : `The file ends inside of its header, after ${length} bytes.`,
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
