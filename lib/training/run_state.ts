/**
 * What a run's folder says to those who watch the run from another process: how
 * long it will be, and whether it is training now.
 *
 * @module
 */

import { atomicWrite } from "@/files/atomic_write.ts";
import { readTextIfPresent } from "@/files/if_present.ts";

/** The lock file of a run, which is locked while it trains. */
export const LOCK_FILE = "lock";

/** How long a run is. */
export interface PlannedSteps {
  /** What is done, for the progress line. */
  readonly phase: string;
  /** Number of steps. */
  readonly steps: number;
  /** Photos in each step. */
  readonly batchSize: number;
}

const lengthFile = (folder: string) => `${folder}/length.json`;

/**
 * Keeps the length of a run in its folder.
 *
 * @param folder The run's folder.
 * @param length The length; other fields are not kept.
 */
export async function writeRunLength(
  folder: string,
  { phase, steps, batchSize }: PlannedSteps,
): Promise<void> {
  const text = JSON.stringify({ phase, steps, batchSize });
  await atomicWrite(lengthFile(folder), `${text}\n`);
}

/**
 * Reads the length of a run.
 *
 * @param folder The run's folder.
 * @returns The length; `undefined` of runs that did not keep it.
 */
export async function readRunLength(
  folder: string,
): Promise<PlannedSteps | undefined> {
  const text = await readTextIfPresent(lengthFile(folder));
  return text === undefined ? undefined : JSON.parse(text) as PlannedSteps;
}

/**
 * Checks whether a process is training a run.
 *
 * @param folder The run's folder.
 * @returns True if its lock is held.
 */
export async function isTraining(folder: string): Promise<boolean> {
  try {
    const options = { read: true, write: true };
    using file = await Deno.open(`${folder}/${LOCK_FILE}`, options);
    return !await file.tryLock(true);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
