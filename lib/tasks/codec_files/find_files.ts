/**
 * Finds the files that the words of a command line name.
 *
 * @module
 */
import { basename, join, resolve } from "node:path";

/** A file that was found. */
export interface FoundFile {
  /** Its path, as the user gave it. */
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
  /** A sentence for each word that names no file. */
  readonly problems: readonly string[];
}

/**
 * Finds files. Folders are searched with all folders in them, except for names
 * that start with a dot. A file that is named itself may have any ending.
 *
 * @param words Files and folders.
 * @param endings What the names of files in folders must match.
 * @returns The files, and what is wrong.
 */
export async function findFiles(
  words: readonly string[],
  endings: RegExp,
): Promise<FoundFiles> {
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
        add(join(word, ".."), basename(word));
        continue;
      }
      const names = await listFolder(word, endings);
      for (const name of names) add(word, name);
      if (names.length === 0) {
        problems.push(`Folder "${word}" holds no such files.`);
      }
    } catch (error) {
      problems.push(
        error instanceof Deno.errors.NotFound
          ? `There is no "${word}".`
          : `"${word}" cannot be opened: ${(error as Error).message}`,
      );
    }
  }
  return { files: [...files.values()], problems };
}

async function listFolder(folder: string, endings: RegExp): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for await (const entry of Deno.readDir(join(folder, below))) {
      if (entry.name.startsWith(".")) continue;
      const name = join(below, entry.name);
      if (entry.isDirectory) await walk(name);
      else if (endings.test(name)) found.push(name);
    }
  };
  await walk("");
  return found.sort();
}
