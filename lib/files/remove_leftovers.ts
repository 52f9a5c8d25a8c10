/**
 * Removes what killed processes have left behind.
 *
 * @module
 */
import process from "node:process";
import { listIfPresent } from "./if_present.ts";

/** The temporary names of `atomicWrite`, which end with the process id. */
const UNFINISHED = /\.(\d+)\.tmp$/;

/**
 * Removes the temporary files of `atomicWrite` whose processes have ended.
 *
 * @param folder The folder to search, including its subfolders; it need not
 * exist.
 * @returns The number of files that were removed.
 * @example
 * ```ts
 * import { removeLeftovers } from "./remove_leftovers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/.1f3a9c.4194305.tmp`, "{");
 * assertEquals(await removeLeftovers(folder), 1);
 * await Deno.remove(folder);
 * ```
 */
export async function removeLeftovers(folder: string): Promise<number> {
  let removed = 0;
  for (const { name, isDirectory } of await listIfPresent(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) removed += await removeLeftovers(path);
    const owner = UNFINISHED.exec(name)?.[1];
    if (owner === undefined || isRunning(Number(owner))) continue;
    await Deno.remove(path).then(() => removed++, () => {});
  }
  return removed;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
