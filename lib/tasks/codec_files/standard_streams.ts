/**
 * Files of a command line, of which `-` is standard input or output.
 *
 * @module
 */
import { atomicWrite } from "@/files/atomic_write.ts";
import { systemReason } from "@/files/system_error.ts";
import { UserError } from "@/errors/user_error.ts";

/** The word for standard input and output. */
export const STANDARD_STREAM = "-";

/**
 * Reads a file or standard input.
 *
 * @param path The file; `-` for standard input.
 * @returns Its bytes.
 * @throws {UserError} If it cannot be read.
 */
export async function readInput(
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return path === STANDARD_STREAM
      ? await new Response(Deno.stdin.readable).bytes()
      : await Deno.readFile(path);
  } catch (error) {
    const name = path === STANDARD_STREAM ? "Standard input" : `"${path}"`;
    throw new UserError(`${name} could not be read: ${systemReason(error)}.`);
  }
}

/**
 * Writes a file or to standard output.
 *
 * @param path The file; `-` for standard output.
 * @param bytes What to write.
 * @throws {UserError} If it cannot be written, or standard output is a terminal.
 */
export async function writeOutput(
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  if (path !== STANDARD_STREAM) return await atomicWrite(path, bytes);
  if (Deno.stdout.isTerminal()) {
    throw new UserError(
      "Standard output is a terminal: redirect it to a file, as in " +
        '"encode - < photo.jpg > photo.onecode".',
    );
  }
  try {
    for (let at = 0; at < bytes.length;) {
      at += await Deno.stdout.write(bytes.subarray(at));
    }
  } catch (error) {
    throw new UserError(
      `Standard output could not be written: ${systemReason(error)}.`,
    );
  }
}
