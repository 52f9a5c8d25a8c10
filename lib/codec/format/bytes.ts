/**
 * Numbers as the bytes of a file: LEB128 for sizes (seven bits per byte, the
 * lowest first, the high bit set in all bytes but the last) and four bytes for
 * checksums, the lowest first.
 *
 * @module
 */

/** Maximum bytes of a LEB128 number, which is then below 2³⁵. */
const VARINT_BYTES = 5;

/**
 * Appends a number as LEB128.
 *
 * @param bytes What has been written so far.
 * @param value A whole number in 0..2³⁵ - 1.
 */
export function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push(rest % 128 + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}

/** A LEB128 number that was read. */
export interface Varint {
  /** The number, in 0..2³⁵ - 1. */
  readonly value: number;
  /** Index of the byte after it. */
  readonly end: number;
}

/**
 * Reads a LEB128 number.
 *
 * @param bytes Where it is read from.
 * @param at Index of its first byte.
 * @returns The number, or what is wrong: `"truncated"` if the bytes end before
 * it does, `"malformed"` if it is not in its shortest form or takes more than
 * five bytes.
 */
export function readVarint(
  bytes: Uint8Array,
  at: number,
): Varint | "truncated" | "malformed" {
  let value = 0;
  for (let i = 0; i < VARINT_BYTES; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return "truncated";
    value += (byte & 127) * 128 ** i;
    if (byte < 128) {
      return byte === 0 && i > 0 ? "malformed" : { value, end: at + i + 1 };
    }
  }
  return "malformed";
}

/**
 * Appends a checksum.
 *
 * @param bytes What has been written so far.
 * @param checksum A whole number in 0..2³² - 1.
 */
export function pushChecksum(bytes: number[], checksum: number): void {
  for (let shift = 0; shift < 32; shift += 8) {
    bytes.push((checksum >>> shift) & 255);
  }
}

/**
 * Joins bytes.
 *
 * @param parts The parts, in order.
 * @returns A copy of all of them.
 */
export function joinBytes(
  parts: readonly ArrayLike<number>[],
): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * Reads a checksum.
 *
 * @param bytes Where it is read from.
 * @param at Index of its first byte; all four must lie within the bytes.
 * @returns A whole number in 0..2³² - 1.
 */
export function readChecksum(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 |
    bytes[at + 3]! << 24) >>> 0;
}

/**
 * Bytes for a message. `Uint8Array.toHex` is not in every browser yet.
 *
 * @param bytes What to print.
 * @param between Text between two bytes.
 * @returns Two hexadecimal digits per byte.
 */
export function hex(bytes: Uint8Array, between = ""): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join(between);
}
