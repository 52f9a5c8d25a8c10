/**
 * TensorFlow's status object as JavaScript errors.
 *
 * @module
 */

import { library } from "./library.ts";

const CODES: Readonly<Record<number, string>> = {
  1: "CANCELLED",
  2: "UNKNOWN",
  3: "INVALID_ARGUMENT",
  4: "DEADLINE_EXCEEDED",
  5: "NOT_FOUND",
  6: "ALREADY_EXISTS",
  7: "PERMISSION_DENIED",
  8: "RESOURCE_EXHAUSTED",
  9: "FAILED_PRECONDITION",
  10: "ABORTED",
  11: "OUT_OF_RANGE",
  12: "UNIMPLEMENTED",
  13: "INTERNAL",
  14: "UNAVAILABLE",
  15: "DATA_LOSS",
  16: "UNAUTHENTICATED",
};

/** An error that TensorFlow reports, with the op that met it. */
export class TensorFlowError extends Error {
  /** The class, for stack traces. */
  override readonly name = "TensorFlowError";
  /** TensorFlow's status code, such as `INVALID_ARGUMENT`. */
  readonly code: string;
  /** The op or function that failed. */
  readonly op: string;

  /**
   * Makes the error `"<op>: <message> (<code>)"`.
   *
   * @param op The op or function that failed.
   * @param message TensorFlow's message.
   * @param code TensorFlow's status code.
   */
  constructor(op: string, message: string, code: string) {
    super(`${op}: ${message} (${code})`);
    this.op = op;
    this.code = code;
  }
}

/** The status object that every call reports into: the engine is one thread. */
export const status: Deno.PointerValue = library.TF_NewStatus();

/**
 * Throws what the last call reported.
 *
 * @param op What was called, for the message.
 * @param reported Where it was reported; the engine's own status by default.
 * @throws {TensorFlowError} If the status is not OK.
 */
export function check(op: string, reported: Deno.PointerValue = status): void {
  const code = library.TF_GetCode(reported);
  if (code === 0) return;
  const message = readCString(library.TF_Message(reported));
  throw new TensorFlowError(op, message, CODES[code] ?? `CODE_${code}`);
}

/**
 * Reads a C string.
 *
 * @param pointer `const char*`.
 * @returns Its text; empty for a null pointer.
 */
export function readCString(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

const encoder = new TextEncoder();
const cStrings = new Map<string, Uint8Array<ArrayBuffer>>();

/**
 * Writes a C string. Names of ops and attributes recur, so strings are kept.
 *
 * @param text Such as a name.
 * @returns UTF-8 that ends with a zero byte.
 */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = cStrings.get(text);
  if (bytes === undefined) {
    bytes = encoder.encode(`${text}\0`);
    cStrings.set(text, bytes);
  }
  return bytes;
}

/** The version of TensorFlow's library, such as `2.21.0`. */
export const tensorFlowVersion: string = readCString(library.TF_Version());
