/**
 * A header to bytes.
 *
 * @module
 */
import { pushChecksum } from "./_checksum.ts";
import { pushVarint } from "./_varint.ts";
import { crc32 } from "./crc32.ts";
import {
  checkLimits,
  FORMAT_VERSION,
  type Header,
  MAGIC,
  MODEL_ID_BYTES,
  TWO_LAYERS,
} from "./header.ts";

/**
 * Writes a header.
 *
 * @returns Its bytes, at most 30.
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
  if (model.length !== MODEL_ID_BYTES) {
    throw new RangeError(
      `A model's id has ${MODEL_ID_BYTES} bytes, got ${model.length}.`,
    );
  }
  if (!isWhole(width) || !isWhole(height)) {
    throw new RangeError(
      `Width and height must be whole numbers from 1, got ${width}x${height}.`,
    );
  }
  if (!isWhole(quality) || quality > 100) {
    throw new RangeError(
      `Quality must be a whole number in 1..100, got ${quality}.`,
    );
  }
  checkLimits(header);
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}
