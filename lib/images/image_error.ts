/**
 * The error of this room.
 *
 * @module
 */

/**
 * An image that cannot be read or written. The message quotes the offending
 * value and can be shown to a user.
 *
 * @example
 * ```ts
 * import { ImageError } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new ImageError('File "a.png" is empty').name, "ImageError");
 * ```
 */
export class ImageError extends Error {
  /** Always `"ImageError"`. */
  override readonly name = "ImageError";
}
