/**
 * The error of files that cannot be decoded.
 *
 * @module
 */

/**
 * What is wrong with a file, for programs:
 *
 * - `"not a onecode file"`: it does not begin with the format's first bytes.
 * - `"unsupported version"`: it was written by a later version of the format.
 * - `"wrong model"`: it was made with weights other than those at hand.
 * - `"damaged"`: a checksum is wrong, or a value is impossible.
 * - `"truncated"`: it ends before its first layer does.
 * - `"too large"`: its width, its height or a layer is over the limit.
 */
export type CodecErrorCode =
  | "not a onecode file"
  | "unsupported version"
  | "wrong model"
  | "damaged"
  | "truncated"
  | "too large";

/**
 * Thrown for a file that cannot be decoded. The message is a sentence that
 * quotes the offending value and can be shown to a user.
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
  /** What is wrong, for programs. */
  readonly code: CodecErrorCode;

  /**
   * Makes the error.
   *
   * @param code What is wrong, for programs.
   * @param message What is wrong, as a sentence.
   */
  constructor(code: CodecErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
