/**
 * CRC-32 as in PNG, gzip and Ethernet: reflected polynomial 0xEDB88320, start
 * and end inverted.
 *
 * W. W. Peterson and D. T. Brown, "Cyclic Codes for Error Detection", 1961; the
 * table is D. V. Sarwate's, 1988. It detects every change within 32 consecutive
 * bits, and all but one in 2³² of the others.
 *
 * @module
 */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return crc;
});

/**
 * The CRC-32 of bytes.
 *
 * @param bytes The bytes.
 * @param before The checksum of the bytes before them, to continue from.
 * @returns A whole number in 0..2³² - 1.
 *
 * @example
 * ```ts
 * import { crc32 } from "./crc32.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const digits = new TextEncoder().encode("123456789");
 * assertEquals(crc32(digits).toString(16), "cbf43926");
 * const start = crc32(digits.subarray(0, 4));
 * assertEquals(crc32(digits.subarray(4), start).toString(16), "cbf43926");
 * ```
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) {
    crc = TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}
