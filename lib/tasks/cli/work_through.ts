/**
 * Many files one after the other, of which some may be bad.
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
} from "./mod.ts";

/** What happens to files. */
export interface FileWork<Job> {
  /** What is told while it goes on, such as `"Encoding"`. */
  readonly phase: string;
  /** The path that stands before an error. */
  readonly name: (job: Job) => string;
  /** Does it, and returns a text for the user; it may report its progress. */
  readonly work: (job: Job, report: OnProgress) => Promise<string>;
}

/**
 * Does the work on all files. A file that cannot be read or written is told in
 * a sentence in the end, and the others are done nonetheless.
 *
 * @param jobs The files.
 * @param problems What was wrong before, a sentence each.
 * @returns 1 if something was wrong, else 0.
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
 * Refuses to take the place of a file.
 *
 * @param path Where something is to be written.
 * @param force Whether it may.
 * @throws {UserError} If there is a file.
 */
export async function checkFree(path: string, force: boolean): Promise<void> {
  if (force) return;
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new UserError(`"${path}" is there already; --force replaces it.`);
}
