/**
 * Whole numbers in as few bytes as they need: LEB128, seven bits a byte, the
 * lowest first, the high bit set in all but the last.
 *
 * @module
 */

/** Bytes of a number at most; it is then below 2³⁵. */
const LONGEST = 5;

/** Appends a number in 0..2³⁵ - 1. */
export function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push(rest % 128 + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** A number that has been read. */
export interface Varint {
  /** The number, in 0..2³⁵ - 1. */
  readonly value: number;
  /** Where the next byte lies. */
  readonly end: number;
}

/**
 * Reads a number.
 *
 * @returns The number, or what is wrong: the bytes end before it does, or it
 * is not in its shortest form or takes more than five bytes.
 */
export function readVarint(
  bytes: Uint8Array,
  at: number,
): Varint | "truncated" | "malformed" {
  let value = 0;
  for (let i = 0; i < LONGEST; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return "truncated";
    value += (byte & 127) * 128 ** i;
    if (byte < 128) {
      return byte === 0 && i > 0 ? "malformed" : { value, end: at + i + 1 };
    }
  }
  return "malformed";
}
