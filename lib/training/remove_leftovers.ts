/**
 * Files that killed processes left half-written.
 *
 * @module
 */

import process from "node:process";

/** As `atomicWrite` names what it has not finished, after its process. */
const UNFINISHED = /\.(\d+)\.tmp$/;

/**
 * Removes what `atomicWrite` left behind in processes that have ended.
 *
 * @param folder Searched with the folders in it; it need not exist.
 * @returns How many files were removed.
 *
 * @example
 * ```ts
 * import { removeLeftovers } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/result.json.4194305.tmp`, "{");
 * assertEquals(await removeLeftovers(folder), 1);
 * await Deno.remove(folder);
 * ```
 */
export async function removeLeftovers(folder: string): Promise<number> {
  let removed = 0;
  for (const { name, isDirectory } of await entries(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) removed += await removeLeftovers(path);
    const owner = UNFINISHED.exec(name)?.[1];
    if (owner === undefined || isRunning(Number(owner))) continue;
    await Deno.remove(path).then(() => removed++, () => {});
  }
  return removed;
}

async function entries(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // sends nothing
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
