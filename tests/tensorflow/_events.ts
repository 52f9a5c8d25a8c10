/** Reads files of TensorBoard's events, by the format's description alone. */
import { readFields } from "@/tensorflow/ffi/protobuf.ts";
import { assertEquals } from "@std/assert";

const decoder = new TextDecoder();

/** CRC-32C as TFRecord files mask it. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The records of an event file, their checksums checked. */
export function records(
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    const header = bytes.subarray(at, at + 8);
    assertEquals(view.getUint32(at + 8, true), maskedCrc(header));
    assertEquals(view.getUint32(at + 12 + length, true), maskedCrc(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

/** A message's fields by number; the last of each. */
export function fields(bytes: Uint8Array<ArrayBuffer>) {
  const values = new Map(
    Array.from(readFields(bytes), ({ number, value }) => [number, value]),
  );
  return {
    number: (at: number) => (values.get(at) ?? 0) as number,
    bytes: (at: number) =>
      (values.get(at) ?? new Uint8Array()) as Uint8Array<ArrayBuffer>,
    text: (at: number) => decoder.decode(values.get(at) as Uint8Array),
  };
}

/** Little-endian 32-bit numbers. */
export function floats(bytes: Uint8Array): number[] {
  return Array.from(new Float32Array(bytes.slice().buffer));
}
