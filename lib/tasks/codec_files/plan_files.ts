/**
 * Decides where the results of files go, so that none replaces another.
 *
 * @module
 */
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "@/errors/user_error.ts";
import type { FoundFile, FoundFiles } from "./find_files.ts";
import { STANDARD_STREAM } from "./standard_streams.ts";

/** A file to make from another. */
export interface FileJob {
  /** The file to read; `-` for standard input. */
  readonly from: string;
  /** The file to write; `-` for standard output. */
  readonly to: string;
}

/** All files to make. */
export interface FilePlan {
  /** No two of them write to one path. */
  readonly jobs: readonly FileJob[];
  /** A sentence for each file that is skipped. */
  readonly problems: readonly string[];
}

/**
 * Plans where results go: beside their files, or into another folder with the
 * same folders in it. If several results would have one path, all but the first
 * are skipped. The result of standard input goes to standard output.
 *
 * @param found The files.
 * @param ending The ending of the results, such as `".png"`, which replaces
 * that of the file.
 * @param out The other folder.
 * @returns The plan.
 * @throws {UserError} If there is another folder for standard output, or the
 * other folder is a file.
 */
export function planFiles(
  found: FoundFiles,
  ending: string,
  out?: string,
): FilePlan {
  if (found.files[0]?.path === STANDARD_STREAM) {
    if (out !== undefined) {
      throw new UserError(
        'With "-" the result goes to standard output: leave out --out.',
      );
    }
    const job = { from: STANDARD_STREAM, to: STANDARD_STREAM };
    return { jobs: [job], problems: [] };
  }
  if (out !== undefined && existsSync(out) && !statSync(out).isDirectory()) {
    throw new UserError(`--out must be a folder, but "${out}" is a file.`);
  }
  const jobs = new Map<string, FileJob>();
  const problems = [...found.problems];
  for (const file of found.files) {
    const to = target(file, ending, out);
    const other = jobs.get(resolve(to));
    if (other === undefined) jobs.set(resolve(to), { from: file.path, to });
    else {
      problems.push(
        `"${file.path}" is skipped: "${to}" is made from "${other.from}".`,
      );
    }
  }
  return { jobs: [...jobs.values()], problems };
}

function target(
  { folder, name }: FoundFile,
  ending: string,
  out: string | undefined,
): string {
  const bare = name.replace(/(?<=[^/\\])\.[^./\\]*$/, "");
  return join(out ?? folder, bare + ending);
}
