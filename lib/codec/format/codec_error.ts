/**
 * What can be wrong with a file.
 *
 * @module
 */

/**
 * What is wrong with a file, for a program:
 *
 * - `"not a onecode file"`: it begins with other bytes than such a file does.
 * - `"unsupported version"`: it was written by a later format, or uses a flag
 *   that this one does not have.
 * - `"wrong model"`: other weights made it than those at hand.
 * - `"damaged"`: a checksum is wrong, or what is said cannot be.
 * - `"truncated"`: it ends before its first layer does.
 * - `"too large"`: its width, height or a layer is over the limit.
 */
export type CodecErrorCode =
  | "not a onecode file"
  | "unsupported version"
  | "wrong model"
  | "damaged"
  | "truncated"
  | "too large";

/**
 * A file that cannot be decoded. The message is one sentence that quotes the
 * offending value and can be shown to a user as it is.
 *
 * @example
 * ```ts
 * import { CodecError, parseHeader } from "@/codec/mod.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const error = assertThrows(
 *   () => parseHeader(new TextEncoder().encode("GIF89a")),
 *   CodecError,
 * );
 * console.log(error.code); // "not a onecode file"
 * ```
 */
export class CodecError extends Error {
  /** Always `"CodecError"`. */
  override readonly name = "CodecError";
  /** What is wrong, for a program. */
  readonly code: CodecErrorCode;

  /**
   * Makes the error.
   *
   * @param code What is wrong, for a program.
   * @param message What is wrong, in one sentence.
   */
  constructor(code: CodecErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
