/**
 * Any folder of a user's own photos.
 *
 * @module
 */
import { DatasetError } from "./dataset_error.ts";
import {
  makePhotoSet,
  type Photo,
  type PhotoSet,
  type SkippedFile,
  type Split,
} from "./photo_set.ts";
import { sha256File } from "./sha256.ts";

const endings = /\.(jpe?g|png|webp|avif|tiff?)$/i;

/** A photo before its split is known. */
export type UnsplitPhoto = Omit<Photo, "split">;

/**
 * Opens a folder of photos, with the folders in it. Files of other kinds, and
 * names that start with a dot, are not looked at. Of files with the same bytes
 * the first by name counts; the others are skipped.
 *
 * Which photo is used for what depends on its bytes: the checksum, read as a
 * number in [0, 1), is below 0.8 for train, below 0.9 for valid, else test. So
 * a photo keeps its split when others are added, renamed or removed. In a folder
 * so small that a split would stay empty, the photo with the nearest number
 * moves there; three photos are the least that fill all three.
 *
 * @param folder Its path.
 * @returns The set, named by the path.
 * @throws {DatasetError} If it is not a folder or holds no photo.
 * @example
 * ```ts
 * import { openFolder } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await openFolder("data/starter");
 * assertEquals(set.photos.length, 115);
 * ```
 */
export async function openFolder(folder: string): Promise<PhotoSet> {
  const names = await listFiles(folder);
  const files = new Map<string, UnsplitPhoto>();
  const skipped: SkippedFile[] = [];
  for (const name of names) {
    const path = `${folder}/${name}`;
    try {
      const sha256 = await sha256File(path);
      const same = files.get(sha256)?.name;
      if (same === undefined) files.set(sha256, { name, path, sha256 });
      else skipped.push({ file: name, reason: `same bytes as "${same}"` });
    } catch (error) {
      skipped.push({
        file: name,
        reason: `cannot be read: ${(error as Error).message}`,
      });
    }
  }
  if (files.size === 0) {
    throw new DatasetError(
      `Folder "${folder}" holds no JPEG, PNG, WebP, AVIF or TIFF photo`,
    );
  }
  return makePhotoSet(folder, assignSplits([...files.values()]), skipped);
}

/**
 * Decides what each photo is used for, as {@linkcode openFolder} says.
 *
 * @param files With different checksums.
 * @returns The photos, by checksum.
 * @example
 * ```ts
 * import { assignSplits } from "@/datasets/folder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file = (sha256: string) => ({ name: sha256, path: sha256, sha256 });
 * const photos = assignSplits(["00", "11", "22"].map(file));
 * assertEquals(photos.map(({ split }) => split), ["train", "valid", "test"]);
 * ```
 */
export function assignSplits(files: readonly UnsplitPhoto[]): Photo[] {
  const sorted = files.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  const numbers = sorted.map(({ sha256 }) =>
    parseInt(sha256.slice(0, 8).padEnd(8, "0"), 16) / 2 ** 32
  );
  const last = sorted.length - 1;
  const below = (limit: number) => numbers.filter((n) => n < limit).length;
  const testFrom = Math.max(Math.min(2, last), Math.min(below(0.9), last));
  const validFrom = Math.max(1, Math.min(below(0.8), testFrom - 1));
  return sorted.map((file, i) => {
    const split: Split = i >= testFrom
      ? "test"
      : i >= validFrom
      ? "valid"
      : "train";
    return { ...file, split };
  });
}

async function listFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for await (const entry of Deno.readDir(`${folder}/${below}`)) {
      if (entry.name.startsWith(".")) continue;
      const name = `${below}${entry.name}`;
      if (entry.isDirectory) await walk(`${name}/`);
      else if (endings.test(name)) found.push(name);
    }
  };
  try {
    await walk("");
  } catch (error) {
    throw new DatasetError(
      error instanceof Deno.errors.NotFound
        ? `Folder "${folder}" does not exist`
        : `Folder "${folder}" cannot be listed: ${(error as Error).message}`,
    );
  }
  return found.toSorted();
}
