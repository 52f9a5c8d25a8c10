/**
 * What another process prints, line by line.
 *
 * @module
 */

/**
 * Reads a stream of text; what follows the last line break is left out.
 *
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
