/**
 * Files that are complete or do not exist, whatever happens while they are
 * written.
 *
 * The content goes to a temporary file beside the target, which is then renamed.
 * Its name is short, so that any legal name of a target works, and holds the
 * process id, so that leftovers of killed processes can be told from files that
 * are being written: `.1f3a9c.4711.tmp`.
 *
 * @module
 */
import { dirname, join } from "node:path";

import { writeError } from "./system_error.ts";

/**
 * Writes a file through a temporary one and flushes it to the disk. Creates the
 * folder if needed, keeps the mode of an existing file, and writes through
 * symbolic links.
 *
 * @param path The file to write.
 * @param content Text, which becomes UTF-8, or bytes.
 * @throws {UserError} If the file cannot be written; an existing file is then
 * unchanged.
 * @example
 * ```ts
 * import { atomicWrite } from "./atomic_write.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await atomicWrite(`${folder}/new/text.txt`, "whole\n");
 * assertEquals(await Deno.readTextFile(`${folder}/new/text.txt`), "whole\n");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function atomicWrite(
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  try {
    await replaceFile(path, async (temporary) => {
      using file = await Deno.open(temporary, { write: true, truncate: true });
      for (let at = 0; at < bytes.length;) {
        at += await file.write(bytes.subarray(at));
      }
      // Devices and pipes cannot be flushed.
      if ((await file.stat()).isFile) await file.sync();
    });
  } catch (error) {
    throw writeError(path, error);
  }
}

/**
 * Replaces a file by one that `write` makes, as {@linkcode atomicWrite} does,
 * for content that does not fit into memory. Flushing is up to `write`.
 *
 * @param path The file to write.
 * @param write Writes the content to the path that it is given, an empty file.
 * @returns What `write` returns.
 * @throws {Error} What `write` or the system throws; the temporary file is
 * removed and an existing file unchanged.
 */
export async function replaceFile<T>(
  path: string,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const target = await followLinks(path);
  const existing = await Deno.stat(target).catch(() => undefined);
  // A device or a pipe, such as /dev/stdout, must not be replaced.
  if (existing && !existing.isFile && !existing.isDirectory) {
    return await write(target);
  }
  const folder = dirname(target);
  const mark = crypto.randomUUID().slice(0, 6);
  const temporary = join(folder, `.${mark}.${Deno.pid}.tmp`);
  const mode = existing?.mode == null ? undefined : existing.mode & 0o7777;
  await Deno.mkdir(folder, { recursive: true });
  unfinished.add(temporary);
  try {
    const file = await Deno.open(temporary, {
      write: true,
      createNew: true,
      ...(mode === undefined ? {} : { mode }),
    });
    file.close();
    // The process's mask has been applied to the mode.
    if (mode !== undefined) await Deno.chmod(temporary, mode);
    const made = await write(temporary);
    await Deno.rename(temporary, target);
    return made;
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  } finally {
    unfinished.delete(temporary);
  }
}

/** Temporary files that this process is writing. */
const unfinished = new Set<string>();

// An exit in the middle of a write leaves nothing behind.
globalThis.addEventListener("unload", () => {
  for (const path of unfinished) {
    try {
      Deno.removeSync(path);
    } catch {
      // It is not made yet, or has its final name.
    }
  }
});

/** The file that a path stands for, which need not exist. */
async function followLinks(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links < 40; links++) {
    const { isSymlink } = await Deno.lstat(target).catch(() => ({
      isSymlink: false,
    }));
    if (!isSymlink) return target;
    const link = await Deno.readLink(target);
    target = link.startsWith("/") ? link : join(dirname(target), link);
  }
  throw Object.assign(new Error("too many links"), { code: "ELOOP" });
}
