/**
 * Works through many files, of which some may be bad.
 *
 * @module
 */
import { CodecError } from "@/codec/format/codec_error.ts";
import {
  isSystemError,
  systemReason,
  writeError,
} from "@/files/system_error.ts";
import { ImageError } from "@/images/image_error.ts";
import {
  interruptSignal,
  type OnProgress,
  progressReporter,
  UserError,
} from "@/tasks/cli/mod.ts";
import { STANDARD_STREAM } from "./standard_streams.ts";

/** The result of the work on a file. */
export interface FileResult {
  /** A text to print; if absent, the file counts as skipped. */
  readonly text?: string;
  /** A sentence on what is wrong with the file nonetheless. */
  readonly problem?: string | undefined;
}

/** What to do with each file. */
export interface FileWork<Job> {
  /** What the progress bar shows, such as `"Encoding"`. */
  readonly phase: string;
  /** Returns the path to name in errors. */
  readonly name: (job: Job) => string;
  /** Does the work; may report its progress, and stops with the signal. */
  readonly work: (
    job: Job,
    report: OnProgress,
    signal: AbortSignal,
  ) => Promise<FileResult>;
  /** Prints the texts; to standard output by default. */
  readonly print?: (text: string) => void;
}

/**
 * Works through files. If one of them cannot be read or written, the others are
 * done all the same, and an error is printed at the end.
 *
 * @param jobs The files.
 * @param problems Sentences on what went wrong before, to be printed as errors.
 * @param work What to do with each file.
 * @returns The exit status: 1 if there was an error, else 0.
 */
export async function workThrough<Job>(
  jobs: readonly Job[],
  problems: readonly string[],
  { phase, name, work, print = (text) => console.log(text) }: FileWork<Job>,
): Promise<number> {
  const signal = interruptSignal();
  const report = progressReporter();
  const errors = [...problems];
  const texts: string[] = [];
  let skipped = 0;
  try {
    for (const [done, job] of jobs.entries()) {
      signal.throwIfAborted();
      if (jobs.length > 1) report({ phase, done, total: jobs.length });
      const problem = (text: string) => {
        const path = name(job);
        const isNamed = path === STANDARD_STREAM
          ? text.startsWith("Standard ")
          : text.includes(path);
        const shown = path === STANDARD_STREAM ? "standard input" : path;
        errors.push(isNamed ? text : `${shown}: ${text}`);
      };
      try {
        const result = await work(job, report, signal);
        if (result.problem !== undefined) problem(result.problem);
        if (result.text !== undefined) texts.push(result.text);
        else if (result.problem === undefined) skipped++;
      } catch (error) {
        if (!isOfFile(error)) throw error;
        problem(
          isSystemError(error) ? `${systemReason(error)}.` : error.message,
        );
      }
    }
    if (jobs.length > 1) {
      report({ phase, done: jobs.length, total: jobs.length });
    }
  } finally {
    report.end();
    for (const text of texts) print(text);
    if (skipped > 0) {
      const files = skipped === 1
        ? "1 file that is"
        : `${skipped} files that are`;
      console.error(`Skipped ${files} done already; --force does all.`);
    }
    for (const error of errors) console.error(`error: ${error}`);
  }
  return errors.length > 0 ? 1 : 0;
}

function isOfFile(error: unknown): error is Error {
  return error instanceof CodecError || error instanceof ImageError ||
    error instanceof UserError || isSystemError(error);
}

/**
 * Checks that writing a file replaces no other.
 *
 * @param path The path of the new file; `-` for standard output.
 * @param force Whether it may replace a file.
 * @param isFolder Whether a folder is written instead.
 * @throws {UserError} If it may not, and there is one.
 */
export async function checkFree(
  path: string,
  force: boolean,
  isFolder = false,
): Promise<void> {
  if (path === STANDARD_STREAM) return;
  try {
    await Deno.lstat(path);
    const found = await Deno.stat(path).catch(() => undefined);
    if (found !== undefined && found.isDirectory !== isFolder) {
      throw new UserError(`"${path}" is ${isFolder ? "no" : "a"} folder.`);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error instanceof UserError ? error : writeError(path, error);
  }
  if (!force) {
    throw new UserError(`"${path}" exists already; --force replaces it.`);
  }
}

/**
 * Checks whether a file was written after another one.
 *
 * @param path The file.
 * @param source The other one.
 * @returns Whether it exists and is newer.
 */
export async function isNewer(path: string, source: string): Promise<boolean> {
  try {
    const [{ mtime }, { mtime: before }] = await Promise.all([
      Deno.stat(path),
      Deno.stat(source),
    ]);
    return mtime !== null && before !== null && mtime > before;
  } catch {
    return false;
  }
}
