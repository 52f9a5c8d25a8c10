/**
 * One process at a time.
 *
 * The lock is the operating system's own on an open file. It ends with its
 * process, however that ends, so no lock is ever left behind.
 *
 * @module
 */
import { writeError } from "./system_error.ts";

/** Choices of {@linkcode takeFileLock}. */
export interface FileLockOptions {
  /** Ends the waiting with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called once if another process holds the lock. */
  readonly onWait?: (() => void) | undefined;
}

/**
 * Waits until no other process holds a lock, and takes it.
 *
 * @param path The lock file; it is created if needed, and stays.
 * @param options How to wait.
 * @returns The open lock file; closing it, as `using` does, ends the lock.
 * @throws {UserError} If the lock file cannot be created.
 * @example
 * ```ts
 * import { takeFileLock } from "./file_lock.ts";
 *
 * const path = await Deno.makeTempFile();
 * {
 *   using _lock = await takeFileLock(path);
 *   // No other process is here.
 * }
 * await Deno.remove(path);
 * ```
 */
export async function takeFileLock(
  path: string,
  { signal, onWait }: FileLockOptions = {},
): Promise<Deno.FsFile> {
  const file = await Deno.open(path, { create: true, read: true, write: true })
    .catch((error) => {
      throw writeError(path, error);
    });
  try {
    for (let tries = 0; !await file.tryLock(true); tries++) {
      signal?.throwIfAborted();
      if (tries === 0) onWait?.();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    file.close();
    throw error;
  }
  return file;
}
