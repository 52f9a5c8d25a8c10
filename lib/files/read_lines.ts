/**
 * The output of another process, line by line.
 *
 * @module
 */

/**
 * Splits a stream of UTF-8 text into lines. Text after the last line break is
 * ignored.
 *
 * @param stream Such as the standard output of a process.
 * @returns The lines, without their line breaks.
 * @example
 * ```ts
 * import { readLines } from "@/files/read_lines.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stream = new Blob(["one\ntwo\n"]).stream();
 * assertEquals(await Array.fromAsync(readLines(stream)), ["one", "two"]);
 * ```
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
