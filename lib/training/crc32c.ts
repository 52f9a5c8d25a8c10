/**
 * CRC-32C, Castagnoli's: the checksum of records in TensorFlow's files.
 *
 * Source: G. Castagnoli, S. Bräuer and M. Herrmann, "Optimization of Cyclic
 * Redundancy-Check Codes with 24 and 32 Parity Bits", 1993.
 *
 * @module
 */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return crc;
});

/**
 * The CRC-32C of bytes.
 *
 * @returns A whole number in 0..2³² - 1.
 *
 * @example
 * ```ts
 * import { crc32c } from "./crc32c.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const digits = new TextEncoder().encode("123456789");
 * assertEquals(crc32c(digits).toString(16), "e3069283");
 * ```
 */
export function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
