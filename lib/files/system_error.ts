/**
 * Errors of the operating system in words that a user can act on.
 *
 * @module
 */
import { UserError } from "@/errors/user_error.ts";

/** What each error code of the system means to a user. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EBUSY: "it is in use",
  EDQUOT: "the disk is full",
  EEXIST: "a part of its path is not a folder", // from mkdir
  EFBIG: "the disk does not take files of this size",
  EIO: "the disk reports an error",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "its name is too long",
  ENFILE: "too many files are open",
  ENOENT: "it does not exist",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is not a folder",
  EPERM: "permission is denied",
  EPIPE: "its reader has gone",
  EROFS: "the disk is read-only",
};

/**
 * Whether an error comes from the operating system's files and disks.
 *
 * @param error What was thrown.
 * @returns True for errors with a code such as `ENOENT`, which
 * {@linkcode systemReason} knows.
 */
export function isSystemError(error: unknown): boolean {
  return systemCode(error) in reasons;
}

/**
 * Says in a few words why a file could not be read or written.
 *
 * @param error What was thrown.
 * @returns Words that follow "… could not be read: ", without a full stop.
 * @example
 * ```ts
 * import { systemReason } from "./system_error.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const error = await Deno.readFile("no/such/file").catch((error) => error);
 * assertEquals(systemReason(error), "it does not exist");
 * ```
 */
export function systemReason(error: unknown): string {
  const known = reasons[systemCode(error)];
  if (known !== undefined) return known;
  const message = error instanceof Error ? error.message : String(error);
  return message.split(/\n|\(os error|, \w+ '/)[0]!.trim().replace(/\.$/, "");
}

/**
 * Says in a sentence why a file could not be written.
 *
 * @param path The file, as its user names it.
 * @param error What was thrown.
 * @param bytes The size of the whole file, if known; it is named if the disk
 * is full.
 * @returns An error to throw.
 * @example
 * ```ts
 * import { writeError } from "./system_error.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
 * assertEquals(
 *   writeError("/data/x", full, 3_000_000).message,
 *   'Could not write "/data/x": the disk is full, and the file needs 3.0 MB.',
 * );
 * ```
 */
export function writeError(
  path: string,
  error: unknown,
  bytes?: number,
): UserError {
  const code = systemCode(error);
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  const need = isFull && bytes !== undefined
    ? `, and the file needs ${megabytes(bytes)}`
    : "";
  const reason = code === "ENOENT"
    ? "its folder does not exist"
    : systemReason(error);
  return new UserError(`Could not write "${path}": ${reason}${need}.`, {
    cause: error,
  });
}

/**
 * A number of bytes in words.
 *
 * @param bytes At least 0.
 * @returns Such as `"24.1 MB"`, in millions of bytes.
 * @example
 * ```ts
 * import { megabytes } from "./system_error.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(megabytes(3_530_603_713), "3530.6 MB");
 * ```
 */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The system's code, such as `ENOENT`; empty if there is none. */
function systemCode(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : "";
}
