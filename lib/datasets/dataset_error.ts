/**
 * The one error of this room.
 *
 * @module
 */

/**
 * A photo set that cannot be opened, fetched or prepared. The message is one
 * sentence that quotes the offending value and can be shown to a user as it is.
 *
 * @example
 * ```ts
 * import { DatasetError, openPhotoSet } from "./mod.ts";
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
