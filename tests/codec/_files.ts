/**
 * Files for tests of the container.
 *
 * @module
 */
import { crc32 } from "@/codec/format/crc32.ts";
import { parseHeader, writeContainer } from "@/codec/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";

/** The id of a model. */
export const MODEL = Uint8Array.of(0x9a, 1, 2, 3, 4, 5, 6, 0xff);

/** Random bytes that depend on their key alone. */
export function randomBytes(key: string, length: number): Uint8Array {
  const random = seededRandom(key);
  return Uint8Array.from({ length }, () => 256 * random());
}

/** A file of three layers, 640x427 pixels. */
export function layeredFile(
  medium = randomBytes("first", 150),
  high = randomBytes("second", 190),
  thumbnail = randomBytes("start", 40),
): Uint8Array<ArrayBuffer> {
  return writeContainer({
    ...{ model: MODEL, width: 640, height: 427 },
    ...{ quality: 60, coarseness: 1, effort: 0 },
    layers: [thumbnail, medium, high],
  });
}

/** Puts right the checksum of a header whose fields end at `end`. */
export function sealHeader(file: Uint8Array, end: number): Uint8Array {
  const sealed = file.slice();
  new DataView(sealed.buffer).setUint32(
    end,
    crc32(sealed.subarray(0, end)),
    true,
  );
  return sealed;
}

/** A header with a right checksum, out of any fields. */
export function anyHeader(
  quality: number,
  numbers: readonly number[],
  settings = 1,
): Uint8Array {
  const bytes = [0xf1, 0x6f, 0x6e, 0x65, 5, quality, settings, ...MODEL];
  for (const number of numbers) {
    let rest = number;
    for (; rest > 127; rest = Math.floor(rest / 128)) {
      bytes.push(rest % 128 + 128);
    }
    bytes.push(rest);
  }
  return sealHeader(Uint8Array.of(...bytes, 0, 0, 0, 0), bytes.length);
}

/** The header of one file before the rest of another. */
export function splice(head: Uint8Array, rest: Uint8Array): Uint8Array {
  return Uint8Array.of(
    ...head.subarray(0, parseHeader(head).headerBytes),
    ...rest.subarray(parseHeader(rest).headerBytes),
  );
}
