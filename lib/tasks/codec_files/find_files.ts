/**
 * Finds the files that the words of a command line name.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { systemReason } from "@/files/system_error.ts";
import { UserError } from "@/errors/user_error.ts";
import { STANDARD_STREAM } from "./standard_streams.ts";

/** A file that was found. */
export interface FoundFile {
  /** Its path, as the user gave it; `-` for standard input. */
  readonly path: string;
  /** The folder that was named, or that of the file that was. */
  readonly folder: string;
  /** Its path below that folder. */
  readonly name: string;
}

/** What {@linkcode findFiles} found. */
export interface FoundFiles {
  /** Each file once, in the order of the words and then by name. */
  readonly files: readonly FoundFile[];
  /** A sentence for each word that names no file, and each closed folder. */
  readonly problems: readonly string[];
}

/**
 * Finds files. Folders are searched with all folders and links in them, except
 * for names that start with a dot. A file that is named itself may have any
 * ending.
 *
 * @param words Files and folders, or `-` alone for standard input.
 * @param endings What the names of files in folders must match.
 * @returns The files, and what is wrong.
 * @throws {UserError} If there are other words beside `-`.
 */
export async function findFiles(
  words: readonly string[],
  endings: RegExp,
): Promise<FoundFiles> {
  if (words.includes(STANDARD_STREAM)) {
    if (words.length > 1) {
      throw new UserError('"-" is standard input, and allows no other words.');
    }
    const [path, folder, name] = [STANDARD_STREAM, "", STANDARD_STREAM];
    return { files: [{ path, folder, name }], problems: [] };
  }
  const files = new Map<string, FoundFile>();
  const problems: string[] = [];
  const add = (folder: string, name: string) => {
    const path = join(folder, name);
    const key = resolve(path);
    if (!files.has(key)) files.set(key, { path, folder, name });
  };
  for (const word of words) {
    try {
      if (!(await Deno.stat(word)).isDirectory) {
        add(dirname(word), basename(word));
        continue;
      }
      const known = problems.length;
      const names = await listFolder(word, endings, problems);
      for (const name of names) add(word, name);
      if (names.length === 0 && problems.length === known) {
        problems.push(`Folder "${word}" holds no such files.`);
      }
    } catch (error) {
      problems.push(
        error instanceof Deno.errors.NotFound
          ? `There is no "${word}".`
          : `"${word}" could not be opened: ${systemReason(error)}.`,
      );
    }
  }
  return { files: [...files.values()], problems };
}

async function listFolder(
  folder: string,
  endings: RegExp,
  problems: string[],
): Promise<string[]> {
  const found: string[] = [];
  const search = async (below: string, above: readonly string[]) => {
    const path = join(folder, below);
    // A link may lead back to a folder above it.
    const real = await Deno.realPath(path);
    if (above.includes(real)) return;
    const entries = await Array.fromAsync(Deno.readDir(path)).catch((error) => {
      problems.push(`"${path}" could not be opened: ${systemReason(error)}.`);
      return [];
    });
    for (const entry of entries) {
      if (entry.name.startsWith(".")) continue;
      const name = join(below, entry.name);
      const { isDirectory } = entry.isSymlink
        ? await Deno.stat(join(folder, name)).catch(() => entry)
        : entry;
      if (isDirectory) await search(name, [...above, real]);
      else if (endings.test(name)) found.push(name);
    }
  };
  await search("", []);
  return found.sort();
}
