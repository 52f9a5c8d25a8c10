/**
 * One process at a time.
 *
 * The lock is the operating system's own on an open file: it falls the moment
 * its process ends, however that ends, so no lock is ever left behind.
 *
 * @module
 */
import { diskError } from "./disk.ts";

/**
 * Runs some work while no other process runs work under the same lock.
 *
 * @param path The lock file; made if it is not there, and left there empty.
 * @param work What to run.
 * @param signal Stops the waiting.
 * @param onWait Told once, if there is something to wait for.
 * @returns What the work returns.
 * @throws {DatasetError} If the lock file cannot be made.
 * @example
 * ```ts
 * import { withFileLock } from "./file_lock.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * assertEquals(await withFileLock(path, () => Promise.resolve(3)), 3);
 * await Deno.remove(path);
 * ```
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
  onWait?: () => void,
): Promise<T> {
  using file = await Deno.open(path, { create: true, read: true, write: true })
    .catch((error) => {
      throw diskError(error, path);
    });
  for (let tries = 0; !await file.tryLock(true); tries++) {
    signal?.throwIfAborted();
    if (tries === 0) onWait?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    return await work();
  } finally {
    await file.unlock();
  }
}
