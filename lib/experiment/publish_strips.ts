/**
 * Strips of photos from the folders of runs to the folder of their section.
 *
 * @module
 */

import { isWriter } from "@/training/mod.ts";

/**
 * Copies strips into a section's folder, beside its result. Only worker 0
 * does: the others lack the photos of runs that were finished before.
 *
 * @param folder The section's folder.
 * @param strips The path of each strip, and its name in the section's folder.
 */
export async function publishStrips(
  folder: string,
  strips: Iterable<readonly [path: string, name: string]>,
): Promise<void> {
  if (!isWriter()) return;
  for (const [path, name] of strips) {
    await Deno.copyFile(path, `${folder}/${name}`);
  }
}
