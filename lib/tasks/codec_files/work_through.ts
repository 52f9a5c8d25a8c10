/**
 * Works through many files, of which some may be bad.
 *
 * @module
 */
import { CodecError } from "@/codec/format/codec_error.ts";
import { ImageError } from "@/images/mod.ts";
import {
  interruptSignal,
  type OnProgress,
  progressReporter,
  UserError,
} from "@/tasks/cli/mod.ts";

/** What to do with each file. */
export interface FileWork<Job> {
  /** What the progress bar shows, such as `"Encoding"`. */
  readonly phase: string;
  /** Returns the path to name in errors. */
  readonly name: (job: Job) => string;
  /** Does the work and returns a text to print; may report its progress. */
  readonly work: (job: Job, report: OnProgress) => Promise<string>;
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
  { phase, name, work }: FileWork<Job>,
): Promise<number> {
  const signal = interruptSignal();
  const report = progressReporter();
  const errors = [...problems];
  const texts: string[] = [];
  try {
    for (const [done, job] of jobs.entries()) {
      signal.throwIfAborted();
      if (jobs.length > 1) report({ phase, done, total: jobs.length });
      try {
        texts.push(
          await work(job, (progress) => {
            signal.throwIfAborted();
            report(progress);
          }),
        );
      } catch (error) {
        if (!isOfFile(error)) throw error;
        const [path, { message }] = [name(job), error];
        errors.push(message.includes(path) ? message : `${path}: ${message}`);
      }
    }
    if (jobs.length > 1) {
      report({ phase, done: jobs.length, total: jobs.length });
    }
  } finally {
    report.end();
    for (const text of texts) console.log(text);
    for (const error of errors) console.error(`error: ${error}`);
  }
  return errors.length > 0 ? 1 : 0;
}

function isOfFile(error: unknown): error is Error {
  return error instanceof CodecError || error instanceof ImageError ||
    error instanceof UserError ||
    Object.values(Deno.errors).some((kind) => error instanceof kind);
}

/**
 * Checks that writing a file replaces no other.
 *
 * @param path The path of the new file.
 * @param force Whether it may replace a file.
 * @throws {UserError} If it may not, and there is one.
 */
export async function checkFree(path: string, force: boolean): Promise<void> {
  if (force) return;
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new UserError(`"${path}" exists already; --force replaces it.`);
}
