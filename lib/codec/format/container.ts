/**
 * The file: a header, then three layers with a checksum after each.
 *
 *     ┌────────┬─────────┬───┬──────────────┬───┬──────────────────┬───┐
 *     │ header │ layer 0 │ ✓ │ layer 1      │ ✓ │ layer 2          │ ✓ │
 *     └────────┴─────────┴───┴──────────────┴───┴──────────────────┴───┘
 *     ◀──── thumbnail ──────▶
 *     ◀──────────────── medium image ──────────▶
 *     ◀──────────────────────────── high image ───────────────────────▶
 *
 * Each checksum is the CRC-32 of all bytes before it except for the other
 * checksums, so it also detects a layer under another file's header.
 *
 * @module
 */
import { hex, joinBytes, pushChecksum, readChecksum } from "./bytes.ts";
import { CodecError } from "./codec_error.ts";
import { crc32 } from "./crc32.ts";
import {
  type Header,
  type ParsedHeader,
  parseHeader,
  writeHeader,
} from "./header.ts";
import { CHECKSUM_BYTES } from "./header_fields.ts";

/** The content of a file. */
export interface ContainerContent extends Omit<Header, "layerBytes"> {
  /** The streams of the three layers. */
  readonly layers: readonly [Uint8Array, Uint8Array, Uint8Array];
}

/** What was read from a file. */
export interface Container {
  /** What the file says of itself. */
  readonly header: ParsedHeader;
  /**
   * The streams that are there and whose checksums are right, from the first: at
   * least the thumbnail's; views of the file.
   */
  readonly layers: readonly Uint8Array[];
  /**
   * What follows them: nothing, a layer that is cut because the file ends early,
   * or one whose checksum is wrong.
   */
  readonly restIs: "complete" | "cut" | "damaged";
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
  const lengths = layers.map(({ length }) => length);
  const header = writeHeader({
    ...rest,
    layerBytes: lengths as [number, number, number],
  });
  let sum = crc32(header.subarray(0, -CHECKSUM_BYTES));
  const parts = layers.flatMap((layer) => {
    sum = crc32(layer, sum);
    const checksum: number[] = [];
    pushChecksum(checksum, sum);
    return [layer, checksum];
  });
  return joinBytes([header, ...parts]);
}

/**
 * Takes a file apart and checks it, without copying its layers.
 *
 * @param bytes The whole file, a prefix that is one of its images, or anything
 * in between.
 * @param model The id of the model at hand; files of another model are refused.
 * @returns The header and the layers.
 * @throws {CodecError} If not even the thumbnail is complete, or there are bytes
 * after the end.
 *
 * @example
 * ```ts
 * import { writeContainer, readContainer } from "./container.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file = writeContainer({
 *   ...{ model: new Uint8Array(8), width: 1, height: 1 },
 *   ...{ quality: 50, coarseness: 1, effort: 0 },
 *   layers: [Uint8Array.of(7), Uint8Array.of(8, 9), Uint8Array.of(6)],
 * });
 * const { header } = readContainer(file);
 * const prefix = readContainer(file.subarray(0, header.mediumBytes));
 * assertEquals(prefix.layers, [Uint8Array.of(7), Uint8Array.of(8, 9)]);
 * assertEquals(prefix.restIs, "cut");
 * ```
 */
export function readContainer(
  bytes: Uint8Array,
  model?: Uint8Array,
): Container {
  const header = parseHeader(bytes);
  if (model !== undefined && hex(header.model) !== hex(model)) {
    throw new CodecError(
      "wrong model",
      `The file was made with model ${hex(header.model)}, but this is model ` +
        `${hex(model)}.`,
    );
  }
  if (bytes.length > header.fileBytes) {
    throw new CodecError(
      "damaged",
      `The file has ${bytes.length} bytes, but should end after ` +
        `${header.fileBytes}.`,
    );
  }
  let at = header.headerBytes;
  let sum = crc32(bytes.subarray(0, at - CHECKSUM_BYTES));
  const layers: Uint8Array[] = [];
  for (const length of header.layerBytes) {
    const end = at + length;
    if (bytes.length < end + CHECKSUM_BYTES) break;
    const layer = bytes.subarray(at, end);
    sum = crc32(layer, sum);
    if (readChecksum(bytes, end) !== sum) {
      if (layers.length > 0) return { header, layers, restIs: "damaged" };
      throw new CodecError("damaged", "The first layer's checksum is wrong.");
    }
    layers.push(layer);
    at = end + CHECKSUM_BYTES;
  }
  if (layers.length === 0) {
    throw new CodecError(
      "truncated",
      `The first layer ends at byte ${header.thumbnailBytes}, but the file ` +
        `ends after ${bytes.length} bytes.`,
    );
  }
  const isComplete = layers.length === header.layerBytes.length;
  return { header, layers, restIs: isComplete ? "complete" : "cut" };
}
