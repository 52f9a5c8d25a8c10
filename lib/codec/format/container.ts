/**
 * The file: a header, then one or two layers with a checksum after each.
 *
 *     ┌────────┬──────────┬───┬───────────────────┬───┐
 *     │ header │ layer 1  │ ✓ │ layer 2           │ ✓ │
 *     └────────┴──────────┴───┴───────────────────┴───┘
 *     ◀──── medium image ────▶
 *     ◀──────────────── high image ──────────────────▶
 *
 * Each checksum is the CRC-32 of all bytes before it except for the other
 * checksums, so it also detects a layer under another file's header.
 *
 * @module
 */
import { hex, pushChecksum, readChecksum } from "./bytes.ts";
import { CodecError } from "./codec_error.ts";
import { crc32 } from "./crc32.ts";
import {
  CHECKSUM_BYTES,
  type Header,
  type ParsedHeader,
  parseHeader,
  writeHeader,
} from "./header.ts";

/** The content of a file. */
export interface ContainerContent extends Omit<Header, "layerBytes"> {
  /**
   * The stream of the medium image and the one that the high image adds; or one
   * stream for both images.
   */
  readonly layers: readonly [Uint8Array] | readonly [Uint8Array, Uint8Array];
}

/** What was read from a file. */
export interface Container {
  /** What the file says of itself. */
  readonly header: ParsedHeader;
  /** The first layer's stream, whose checksum is right; a view of the file. */
  readonly first: Uint8Array;
  /** The second layer's stream if it is complete; a view of the file. */
  readonly second?: Uint8Array;
  /**
   * The state of the high image: complete, cut off because the file ends
   * early, or damaged because the second layer's checksum is wrong. The medium
   * image is complete in any case.
   */
  readonly highIs: "complete" | "cut" | "damaged";
}

/** Options of {@linkcode readContainer}. */
export interface ReadOptions {
  /** The id of the model at hand; files of another model are refused. */
  readonly model?: Uint8Array;
}

/**
 * Puts a file together.
 *
 * @param content What goes into it.
 * @returns The file.
 * @throws {CodecError} "too large" if a side or a layer is over the limit.
 * @throws {RangeError} If another number is out of its range.
 */
export function writeContainer(
  { layers, ...rest }: ContainerContent,
): Uint8Array<ArrayBuffer> {
  const lengths = layers.map((layer) => layer.length);
  const header = writeHeader({
    ...rest,
    layerBytes: lengths as [number] | [number, number],
  });
  const size = lengths.reduce(
    (sum, length) => sum + length + CHECKSUM_BYTES,
    header.length,
  );
  const file = new Uint8Array(size);
  file.set(header);
  let at = header.length;
  let sum = crc32(header.subarray(0, -CHECKSUM_BYTES));
  for (const layer of layers) {
    file.set(layer, at);
    sum = crc32(layer, sum);
    const checksum: number[] = [];
    pushChecksum(checksum, sum);
    file.set(checksum, at + layer.length);
    at += layer.length + CHECKSUM_BYTES;
  }
  return file;
}

/**
 * Takes a file apart and checks it, without copying its layers.
 *
 * @param bytes The whole file, the prefix that is the medium image, or anything
 * in between.
 * @param options What the file is checked against.
 * @returns The header, the layers and the state of the high image.
 * @throws {CodecError} If not even the medium image is complete, or there are
 * bytes after the end.
 *
 * @example
 * ```ts
 * import { parseHeader, readContainer, writeContainer } from "@/codec/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file = writeContainer({
 *   model: new Uint8Array(8),
 *   width: 1,
 *   height: 1,
 *   quality: 50,
 *   layers: [Uint8Array.of(7), Uint8Array.of(8, 9)],
 * });
 * assertEquals(file.length, 33);
 * assertEquals(readContainer(file).second, Uint8Array.of(8, 9));
 *
 * const prefix = file.subarray(0, parseHeader(file).mediumBytes);
 * const { first, highIs } = readContainer(prefix);
 * assertEquals(first, Uint8Array.of(7));
 * assertEquals(highIs, "cut");
 * ```
 */
export function readContainer(
  bytes: Uint8Array,
  options: ReadOptions = {},
): Container {
  const header = parseHeader(bytes);
  checkModel(header.model, options.model);
  const { headerBytes, mediumBytes, fileBytes } = header;
  if (bytes.length < mediumBytes) {
    throw new CodecError(
      "truncated",
      `The first layer ends at byte ${mediumBytes}, but the file ends after ` +
        `${bytes.length} bytes.`,
    );
  }
  if (bytes.length > fileBytes) {
    throw new CodecError(
      "damaged",
      `The file has ${bytes.length} bytes, but should end after ${fileBytes}.`,
    );
  }
  const first = bytes.subarray(headerBytes, mediumBytes - CHECKSUM_BYTES);
  const before = crc32(bytes.subarray(0, headerBytes - CHECKSUM_BYTES));
  const sum = crc32(first, before);
  if (readChecksum(bytes, mediumBytes - CHECKSUM_BYTES) !== sum) {
    throw new CodecError("damaged", "The first layer's checksum is wrong.");
  }
  if (fileBytes === mediumBytes) return { header, first, highIs: "complete" };
  if (bytes.length < fileBytes) return { header, first, highIs: "cut" };
  const second = bytes.subarray(mediumBytes, fileBytes - CHECKSUM_BYTES);
  const isRight = readChecksum(bytes, fileBytes - CHECKSUM_BYTES) ===
    crc32(second, sum);
  return isRight
    ? { header, first, second, highIs: "complete" }
    : { header, first, highIs: "damaged" };
}

function checkModel(found: Uint8Array, known: Uint8Array | undefined): void {
  if (known === undefined || hex(found) === hex(known)) return;
  throw new CodecError(
    "wrong model",
    `The file was made with model ${hex(found)}, but this is model ` +
      `${hex(known)}.`,
  );
}
