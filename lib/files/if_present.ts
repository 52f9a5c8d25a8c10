/**
 * Files and folders that need not exist.
 *
 * @module
 */

/**
 * Reads a text file.
 *
 * @param path The file.
 * @returns Its text; undefined if there is no such file.
 * @throws {Error} What the system throws if it cannot be read.
 * @example
 * ```ts
 * import { readTextIfPresent } from "./if_present.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await readTextIfPresent("no/such/file"), undefined);
 * ```
 */
export async function readTextIfPresent(
  path: string,
): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Lists a folder.
 *
 * @param folder The folder.
 * @returns Its entries, in no order; none if there is no such folder.
 * @throws {Error} What the system throws if it cannot be listed.
 * @example
 * ```ts
 * import { listIfPresent } from "./if_present.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await listIfPresent("no/such/folder"), []);
 * ```
 */
export async function listIfPresent(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
