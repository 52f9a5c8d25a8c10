/**
 * Checksums in a file: four bytes, the lowest first.
 *
 * @module
 */

/** Appends a checksum, its lowest byte first. */
export function pushChecksum(bytes: number[], checksum: number): void {
  for (let shift = 0; shift < 32; shift += 8) {
    bytes.push((checksum >>> shift) & 255);
  }
}

/** The checksum at a place that lies within the bytes. */
export function readChecksum(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 |
    bytes[at + 3]! << 24) >>> 0;
}
