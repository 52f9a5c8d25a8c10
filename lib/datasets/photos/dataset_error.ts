/**
 * The error of this room.
 *
 * @module
 */
import { isSystemError, writeError } from "@/files/system_error.ts";

/**
 * A photo set that cannot be opened, fetched or prepared. The message quotes
 * the offending value and can be shown to a user.
 *
 * @example
 * ```ts
 * import { DatasetError, openPhotoSet } from "@/datasets/mod.ts";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(
 *   () => openPhotoSet("no/such/folder"),
 *   DatasetError,
 *   '"no/such/folder"',
 * );
 * ```
 */
export class DatasetError extends Error {
  /** Always `"DatasetError"`. */
  override readonly name = "DatasetError";
}

/**
 * Turns an error of the system that prevented writing into a sentence.
 *
 * @param error What was thrown.
 * @param path What was being written.
 * @param bytes The size of the whole file, if known.
 * @returns A {@linkcode DatasetError} for an error of the system; any other
 * error unchanged.
 */
export function asWriteError(
  error: unknown,
  path: string,
  bytes?: number,
): unknown {
  if (!isSystemError(error)) return error;
  return new DatasetError(writeError(path, error, bytes).message, {
    cause: error,
  });
}
