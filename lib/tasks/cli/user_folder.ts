/**
 * The folder in which the user gave the command. `deno task` runs a task in the
 * project's folder and notes the user's in `INIT_CWD`.
 *
 * @module
 */
import { relative, resolve } from "node:path";

/**
 * Changes to the user's folder, so that all paths of a command line, and that
 * of `ONECODE_DATA`, count from there.
 */
export function enterUserFolder(): void {
  const folder = Deno.env.get("INIT_CWD");
  if (folder !== undefined) Deno.chdir(folder);
  // Processes that the task starts begin in folders of their own.
  Deno.env.delete("INIT_CWD");
  const data = Deno.env.get("ONECODE_DATA");
  if (data) Deno.env.set("ONECODE_DATA", resolve(data));
}

/**
 * Shortens a path for the user.
 *
 * @param path Any path.
 * @param from The folder that short paths count from.
 * @returns A relative path if it is below the folder, else the path.
 */
export function shownPath(path: string, from: string = Deno.cwd()): string {
  const near = relative(from, path);
  return near === "" || near.startsWith("..") ? path : near;
}
