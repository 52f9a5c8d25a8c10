/**
 * Where the project's data lies, and what to say when the disk is the problem.
 *
 * @module
 */
import { join } from "node:path";
import { DatasetError } from "@/datasets/dataset_error.ts";
import { PROJECT_ROOT } from "./project_root.ts";

/**
 * The path of something in the project's `data` folder. Downloads and caches,
 * which are large, can be put elsewhere by naming a folder in the environment
 * variable `ONECODE_DATA`.
 *
 * @param path Below `data`, such as `"starter"` or `"cache"`.
 * @returns An absolute path.
 * @example
 * ```ts
 * import { dataPath } from "./disk.ts";
 *
 * await Deno.stat(dataPath("starter/SOURCES.csv"));
 * ```
 */
export function dataPath(path: string): string {
  const elsewhere = Deno.env.get("ONECODE_DATA");
  return elsewhere && !path.startsWith("starter")
    ? `${elsewhere}/${path}`
    : join(PROJECT_ROOT, "data", path);
}

/**
 * Turns an error of writing into a sentence.
 *
 * @param error What was thrown.
 * @param path What was being written.
 * @param bytes How much the whole needs, if known.
 * @returns A {@linkcode DatasetError} if the disk is full or not writable, else
 * the error as it is.
 * @example
 * ```ts
 * import { diskError } from "./disk.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
 * assertEquals(
 *   (diskError(full, "/data/x", 3_000_000) as Error).message,
 *   'Disk is full: "/data/x" needs 3.0 MB',
 * );
 * ```
 */
export function diskError(
  error: unknown,
  path: string,
  bytes?: number,
): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  if (["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) {
    const need = bytes === undefined
      ? "could not be written"
      : `needs ${megabytes(bytes)}`;
    return new DatasetError(`Disk is full: "${path}" ${need}`);
  }
  if (["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST"].includes(code)) {
    return new DatasetError(
      `"${path}" cannot be written: ${error.message}`,
    );
  }
  return error;
}

/**
 * Bytes in words.
 *
 * @param bytes How many.
 * @returns Such as `"24.1 MB"`, in millions of bytes.
 * @example
 * ```ts
 * import { megabytes } from "./disk.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(megabytes(3_530_603_713), "3530.6 MB");
 * ```
 */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
