/**
 * Files that are whole or not there, whatever happens while they are written.
 *
 * @module
 */

/**
 * Writes a file under another name, flushes it to the disk and renames it.
 *
 * @param path Where the file goes; its folder is made if need be.
 * @param content Text or bytes.
 * @throws {Error} In one sentence, when the disk is full or the folder cannot
 * be written; the file is then as it was before.
 */
export async function atomicWrite(
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/"))) || ".";
  const temporary = `${path}.${Deno.pid}.tmp`;
  try {
    await Deno.mkdir(folder, { recursive: true });
    using file = await Deno.open(temporary, {
      write: true,
      create: true,
      truncate: true,
    });
    for (let at = 0; at < bytes.length;) {
      at += await file.write(bytes.subarray(at));
    }
    await file.sync();
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw writeError(path, error);
  }
}

/** An error of the system as a sentence that names the file. */
export function writeError(path: string, error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.split("(os error")[0]!.trim();
  return new Error(`Could not write "${path}": ${reason}.`, { cause: error });
}
