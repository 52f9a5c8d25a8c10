/**
 * SHA-256 checksums as the 64 hexadecimal digits that `sha256sum` prints.
 *
 * @module
 */
import { createHash } from "node:crypto";

/**
 * The checksum of bytes, or of a text in UTF-8.
 *
 * @param data The bytes or the text.
 * @returns 64 hexadecimal digits.
 * @example
 * ```ts
 * import { sha256Hex } from "./sha256.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sha256Hex("abc").slice(0, 8), "ba7816bf");
 * ```
 */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/**
 * The checksum of a file of any size, which is read in pieces.
 *
 * @param path The file.
 * @param onBytes Called after each piece with the bytes read so far.
 * @param signal Stops the reading.
 * @returns 64 hexadecimal digits.
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @example
 * ```ts
 * import { sha256File } from "./sha256.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "abc");
 * assertEquals((await sha256File(path)).slice(0, 8), "ba7816bf");
 * await Deno.remove(path);
 * ```
 */
export async function sha256File(
  path: string,
  onBytes?: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256");
  const piece = new Uint8Array(1 << 20);
  using file = await Deno.open(path);
  let total = 0;
  for (;;) {
    signal?.throwIfAborted();
    const count = await file.read(piece);
    if (count === null) return hash.digest("hex");
    hash.update(piece.subarray(0, count));
    onBytes?.(total += count);
  }
}

/**
 * A checksum that changes with anything in a value.
 *
 * @param value Anything that JSON can hold.
 * @returns 64 hexadecimal digits.
 * @example
 * ```ts
 * import { fingerprint } from "./sha256.ts";
 * import { assertNotEquals } from "@std/assert";
 *
 * assertNotEquals(fingerprint({ seed: 1 }), fingerprint({ seed: 2 }));
 * ```
 */
export function fingerprint(value: unknown): string {
  return sha256Hex(JSON.stringify(value));
}
