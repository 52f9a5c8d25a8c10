/**
 * The streams of an image's tiles as one layer:
 *
 *     one tile      stream
 *     several       length │ stream │ length │ stream │ …
 *
 * Lengths are LEB128, so a decoder finds each tile without decoding the ones
 * before it.
 *
 * @module
 */

import { joinBytes, pushVarint, readVarint } from "./bytes.ts";
import { CodecError } from "./codec_error.ts";

/**
 * Joins the streams of all tiles to a layer.
 *
 * @param streams One per tile, in order.
 * @returns The layer.
 */
export function joinStreams(
  streams: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  if (streams.length === 1) return joinBytes(streams);
  return joinBytes(streams.flatMap((one) => {
    const length: number[] = [];
    pushVarint(length, one.length);
    return [length, one];
  }));
}

/**
 * Splits a layer into the streams of all tiles.
 *
 * @param layer From {@linkcode joinStreams}.
 * @param count The number of tiles, at least 1.
 * @returns One view of the layer per tile.
 * @throws {CodecError} "damaged" if the lengths do not fill the layer.
 *
 * @example
 * ```ts
 * import { joinStreams, splitStreams } from "./tile_streams.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const streams = [Uint8Array.of(5, 6), new Uint8Array(0)];
 * const layer = joinStreams(streams);
 * assertEquals(layer, Uint8Array.of(2, 5, 6, 0));
 * assertEquals(splitStreams(layer, 2), streams);
 * ```
 */
export function splitStreams(layer: Uint8Array, count: number): Uint8Array[] {
  if (count === 1) return [layer];
  let at = 0;
  const streams = Array.from({ length: count }, (_, tile) => {
    const length = readVarint(layer, at);
    if (typeof length === "string") {
      throw new CodecError("damaged", `Tile ${tile} has no valid length.`);
    }
    const end = length.end + length.value;
    if (end > layer.length) {
      throw new CodecError(
        "damaged",
        `Tile ${tile} ends at byte ${end} of a layer of ${layer.length}.`,
      );
    }
    at = end;
    return layer.subarray(length.end, end);
  });
  if (at !== layer.length) {
    throw new CodecError(
      "damaged",
      `The last tile ends at byte ${at} of a layer of ${layer.length}.`,
    );
  }
  return streams;
}
