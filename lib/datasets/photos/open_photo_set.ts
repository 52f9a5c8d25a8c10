/**
 * Opens a photo set by its name or its folder.
 *
 * @module
 */
import { DatasetError } from "./dataset_error.ts";
import { openDiv2k } from "./div2k.ts";
import { openFolder, type OpenOptions } from "./folder.ts";
import { openKodak } from "./kodak.ts";
import type { PhotoSet } from "./photo_set.ts";
import { openStarter } from "./starter.ts";

/** The photo sets that have a name. */
export const PHOTO_SETS: readonly string[] = ["starter", "div2k", "kodak"];

/**
 * Opens a photo set.
 *
 * @param nameOrFolder `starter`, which ships with the project; `div2k` or
 * `kodak`, once `deno task data` has fetched them; or the path of a folder.
 * @param options Which photos of a folder are large enough, who watches, and
 * who may stop.
 * @returns The set.
 * @throws {DatasetError} If there is no such set or folder, or it is damaged.
 * @example
 * ```ts
 * import { openPhotoSet } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { photos } = await openPhotoSet("starter");
 * const train = photos.filter(({ split }) => split === "train");
 * assertEquals([photos.length, train.length], [115, 91]);
 * ```
 */
export async function openPhotoSet(
  nameOrFolder: string = "starter",
  options: OpenOptions = {},
): Promise<PhotoSet> {
  if (nameOrFolder === "starter") return await openStarter();
  if (nameOrFolder === "div2k") return await openDiv2k();
  if (nameOrFolder === "kodak") return await openKodak();
  const folder = await Deno.stat(nameOrFolder).catch(() => undefined);
  if (!folder?.isDirectory) {
    throw new DatasetError(
      `Photo set "${nameOrFolder}" is neither starter, div2k, kodak nor a folder.`,
    );
  }
  return await openFolder(nameOrFolder, options);
}
