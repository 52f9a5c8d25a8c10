/**
 * Ranges of bytes in requests, as RFC 9110, section 14, has them.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-14
 * @module
 */

/** A part of a file. */
export interface ByteRange {
  /** The first byte. */
  readonly start: number;
  /** The byte after the last one. */
  readonly end: number;
}

/**
 * Reads the header `Range` of a request.
 *
 * @param header Its value; null if there is none.
 * @param length Size of the file in bytes.
 * @returns The part that is asked for; `"whole"` without a range, and for what a
 * server may ignore: another unit, bad syntax, several ranges at once.
 * `"unsatisfiable"` if the file ends before the range, status 416.
 * @example
 * ```ts
 * import { readRange } from "./byte_range.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readRange("bytes=0-3", 10), { start: 0, end: 4 });
 * assertEquals(readRange("bytes=-3", 10), { start: 7, end: 10 });
 * assertEquals(readRange("bytes=10-", 10), "unsatisfiable");
 * ```
 */
export function readRange(
  header: string | null,
  length: number,
): ByteRange | "whole" | "unsatisfiable" {
  const found = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? "");
  const [, first = "", last = ""] = found ?? [];
  if (first === "" && last === "") return "whole";
  if (first === "") {
    const count = Math.min(Number(last), length);
    return count === 0
      ? "unsatisfiable"
      : { start: length - count, end: length };
  }
  const start = Number(first);
  const end = last === "" ? length : Math.min(Number(last) + 1, length);
  if (last !== "" && Number(last) < start) return "whole";
  return start >= length ? "unsatisfiable" : { start, end };
}
