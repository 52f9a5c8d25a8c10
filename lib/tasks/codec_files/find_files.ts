/**
 * Finds the files that the words of a command line name.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { listFilesBelow } from "@/files/list_files.ts";
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
 * @param what What such files are; photos by default.
 * @returns The files, and what is wrong.
 * @throws {UserError} If there are other words beside `-`.
 */
export async function findFiles(
  words: readonly string[],
  endings: RegExp,
  what = "photos",
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
      const names = await listFilesBelow(
        word,
        endings,
        (path, error) => problems.push(notOpened(path, error)),
      );
      for (const name of names) add(word, name);
      if (names.length === 0 && problems.length === known) {
        problems.push(`Folder "${word}" holds no ${what}.`);
      }
    } catch (error) {
      problems.push(
        error instanceof Deno.errors.NotFound
          ? `There is no "${word}".`
          : notOpened(word, error),
      );
    }
  }
  return { files: [...files.values()], problems };
}

function notOpened(path: string, error: unknown): string {
  return `"${path}" could not be opened: ${systemReason(error)}.`;
}
