/**
 * Files that somebody broke.
 *
 * @module
 */
import { randomInteger } from "@/random/seeded_random.ts";

/** Some bytes changed, cut off, left out, doubled or moved. */
export function mutate(file: Uint8Array, random: () => number): Uint8Array {
  let bytes = Array.from(file);
  for (let i = randomInteger(random, 1, 3); i > 0; i--) {
    const at = randomInteger(random, 0, bytes.length);
    const end = randomInteger(random, at, Math.min(bytes.length, at + 20));
    const kind = randomInteger(random, 0, 4);
    const piece = bytes.slice(at, end);
    if (kind === 0 && at < bytes.length) bytes[at]! ^= 1 << (8 * random());
    if (kind === 1) bytes = bytes.slice(0, at);
    if (kind === 2) bytes.splice(at, end - at);
    if (kind === 3) bytes.splice(at, 0, ...piece);
    if (kind === 4) bytes.splice(at, end - at, ...piece.toReversed());
  }
  return Uint8Array.from(bytes);
}
