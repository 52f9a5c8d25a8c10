/**
 * Work that is done once and kept in a folder.
 *
 * @module
 */
import { asWriteError, DatasetError } from "@/datasets/photos/dataset_error.ts";
import { takeFileLock } from "@/files/file_lock.ts";
import type { OnProgress } from "@/files/progress.ts";
import { removeLeftovers } from "@/files/remove_leftovers.ts";

/** What is prepared, and how it is kept. */
export interface OncePlan<Prepared> {
  /** What is prepared, such as `pairs`, for a user who waits. */
  readonly what: string;
  /** The folder that is the work's own. */
  readonly folder: string;
  /** The file that is kept. */
  readonly path: string;
  /** Loads what is kept; undefined if it must be made. */
  load(): Promise<Prepared | undefined>;
  /** Writes the file, which appears complete or not at all. */
  build(): Promise<void>;
  /** Is told about waiting for another process. */
  readonly onProgress?: OnProgress | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads what was prepared before, or prepares it. A second process that asks
 * for the same waits and loads it.
 *
 * @param plan What is prepared, and how it is kept.
 * @returns What was loaded.
 * @throws {DatasetError} If the folder cannot be made, or what was written does
 * not load.
 */
export async function prepareOnce<Prepared>(
  plan: OncePlan<Prepared>,
): Promise<Prepared> {
  const { what, folder, path, load, build, onProgress, signal } = plan;
  const kept = await load();
  if (kept !== undefined) return kept;
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    throw asWriteError(error, folder);
  });
  const phase = `Waiting for another process that prepares the same ${what}`;
  using _lock = await takeFileLock(`${folder}/lock`, {
    signal,
    onWait: () => onProgress?.({ phase, done: 0, total: 0 }),
  });
  const made = await load();
  if (made !== undefined) return made;
  await removeLeftovers(folder);
  await build();
  const written = await load();
  if (written !== undefined) return written;
  throw new DatasetError(
    `"${path}" does not hold what has just been written; check the disk.`,
  );
}
