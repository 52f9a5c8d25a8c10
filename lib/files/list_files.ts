/**
 * Files below a folder.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Lists files below a folder, whose links are followed; those that lead nowhere
 * are listed. Names that begin with a dot are ignored.
 *
 * @param folder The folder.
 * @param endings What the names end with.
 * @param onProblem Called with a folder below that cannot be listed, a pipe or
 * device, and a name that is not UTF-8, all of which are skipped unless this
 * throws.
 * @returns Paths relative to the folder, sorted.
 * @throws {Error} What the system throws if the folder does not exist.
 * @example
 * ```ts
 * import { listFilesBelow } from "./list_files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const photos = await listFilesBelow("data/starter", /\.webp$/i, () => {});
 * assertEquals(photos.length, 115);
 * ```
 */
export async function listFilesBelow(
  folder: string,
  endings: RegExp,
  onProblem: (path: string, error: unknown) => void,
): Promise<string[]> {
  const found: string[] = [];
  const search = async (below: string, above: readonly string[]) => {
    const path = join(folder, below);
    // A link may lead back to a folder above it.
    const real = await Deno.realPath(path);
    if (above.includes(real)) return;
    const entries = await Array.fromAsync(Deno.readDir(path)).catch((error) => {
      onProblem(path, error);
      return [];
    });
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      const name = join(below, entry.name);
      const file = join(folder, name);
      const target = entry.isSymlink
        ? await Deno.stat(file).catch(() => entry)
        : entry;
      if (target.isDirectory) await search(name, [...above, real]);
      else if (!endings.test(name)) continue;
      else if (name.includes("\ufffd") && !existsSync(file)) {
        onProblem(file, new Error("its name is not UTF-8"));
      } else if (target.isFile || target.isSymlink) found.push(name);
      // Reading a pipe would not end.
      else onProblem(file, new Error("it is not a file"));
    }
  };
  await search("", []);
  return found.sort();
}
