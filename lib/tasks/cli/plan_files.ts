/**
 * Where the results of files go, so that none takes the place of another.
 *
 * @module
 */
import { join, resolve } from "node:path";
import type { FoundFile, FoundFiles } from "./find_files.ts";

/** A file to be made of another. */
export interface FileJob {
  /** The file that is read. */
  readonly from: string;
  /** The one that is written. */
  readonly to: string;
}

/** What is to be done. */
export interface FilePlan {
  /** No two of them write to one path. */
  readonly jobs: readonly FileJob[];
  /** What is left out, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Plans where results go: beside the files they are made of, or into another
 * folder, in which folders are as they were. Of several files whose results
 * would have one path, all but the first are left out.
 *
 * @param found The files.
 * @param ending Of the results, such as `".png"`; it takes the file's place.
 * @param out The other folder.
 */
export function planFiles(
  found: FoundFiles,
  ending: string,
  out?: string,
): FilePlan {
  const jobs = new Map<string, FileJob>();
  const problems = [...found.problems];
  for (const file of found.files) {
    const to = target(file, ending, out);
    const other = jobs.get(resolve(to));
    if (other === undefined) jobs.set(resolve(to), { from: file.path, to });
    else {
      problems.push(
        `"${file.path}" is left out: "${to}" is made of "${other.from}".`,
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
