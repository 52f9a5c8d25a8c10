/**
 * The first bytes of a file: what it holds, and how much of it the medium
 * image needs.
 *
 *     magic       4  F1 6F 6E 65 ("one")
 *     version     1  1
 *     quality     1  1..100, plus 128 if there are two layers
 *     model       8  first bytes of the SHA-256 of the weights
 *     width       1 to 2 ┐
 *     height      1 to 2 │ LEB128
 *     layer 1     1 to 4 │ bytes of its stream
 *     layer 2     1 to 4 ┘ if there is one
 *     checksum    4  CRC-32 of all these
 *
 * @module
 */
import { CodecError } from "./codec_error.ts";

/** The version of the format that this code writes and reads. */
export const FORMAT_VERSION = 1;

/** Width and height at most. */
export const LARGEST_SIDE = 8192;

/** Bytes of a layer's stream at most: 4 bytes of LEB128. */
export const LARGEST_LAYER = 2 ** 28 - 1;

/** A header takes no more bytes than this; 22 are the least. */
export const LONGEST_HEADER = 30;

/** Bytes of a checksum. */
export const CHECKSUM_BYTES = 4;

/** Bytes of a model's id. */
export const MODEL_ID_BYTES = 8;

/** What a file begins with. */
export const MAGIC: readonly number[] = [0xf1, 0x6f, 0x6e, 0x65];

/** Added to the quality where there are two layers. */
export const TWO_LAYERS = 128;

/** What a file says of itself. */
export interface Header {
  /** The first 8 bytes of the SHA-256 of the weights that made it. */
  readonly model: Uint8Array;
  /** Pixels of the high image, 1..8192. */
  readonly width: number;
  /** Pixels of the high image, 1..8192. */
  readonly height: number;
  /** What it was made with, 1..100. */
  readonly quality: number;
  /**
   * Bytes of each layer's stream. Two layers: the first is the medium image,
   * both are the high one. One layer: both images come from it.
   */
  readonly layerBytes: readonly [number] | readonly [number, number];
}

/** A header, and where what it tells of ends. */
export interface ParsedHeader extends Header {
  /** Bytes of the header, its checksum included. */
  readonly headerBytes: number;
  /** As many bytes from the start of the file are the medium image. */
  readonly mediumBytes: number;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
}

/**
 * Refuses what is too large, when it is read and when it is written.
 *
 * @throws {CodecError} "too large", with what is.
 */
export function checkLimits({ width, height, layerBytes }: Header): void {
  if (width > LARGEST_SIDE || height > LARGEST_SIDE) {
    throw new CodecError(
      "too large",
      `A photo has at most ${LARGEST_SIDE} pixels a side, but this one is ` +
        `${width}x${height}.`,
    );
  }
  for (const bytes of layerBytes) {
    if (bytes > LARGEST_LAYER) {
      throw new CodecError(
        "too large",
        `A layer has at most ${LARGEST_LAYER} bytes, but one has ${bytes}.`,
      );
    }
  }
}
