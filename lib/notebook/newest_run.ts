/**
 * Finds the training run that was written to last, such as one that another
 * window or a terminal trains right now.
 *
 * @module
 */
import { join } from "node:path";
import { HISTORY_FILE } from "@/training/history.ts";
import { notebookFolder, publishedFolder } from "./results_folder.ts";

/**
 * The folder of the newest run, for {@link watchRun}.
 *
 * @param results Folders of results, each with its `runs/`.
 * @throws {Error} When there is no run in any of them.
 */
export async function newestRun(
  results: readonly string[] = [publishedFolder, notebookFolder],
): Promise<string> {
  let newest: { folder: string; time: number } | undefined;
  for (const result of results) {
    for (const folder of await subfolders(join(result, "runs"))) {
      const time = await modified(join(folder, HISTORY_FILE));
      if (time > (newest?.time ?? -1)) newest = { folder, time };
    }
  }
  if (newest !== undefined) return newest.folder;
  throw new Error(
    "There is no training run yet: train in this notebook, or run " +
      "`deno task reproduce`.",
  );
}

async function subfolders(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter((entry) => entry.isDirectory)
      .map((entry) => join(folder, entry.name)).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Milliseconds since 1970; -1 when the file is missing. */
async function modified(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return -1;
    throw error;
  }
}
