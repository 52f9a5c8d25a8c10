/**
 * A folder of a user's own photos.
 *
 * @module
 */
import { listFilesBelow } from "@/files/list_files.ts";
import { systemReason } from "@/files/system_error.ts";
import { DatasetError } from "./dataset_error.ts";
import { type InspectOptions, inspectPhotos } from "./inspect_photos.ts";
import {
  makePhotoSet,
  type Photo,
  type PhotoSet,
  type SkippedFile,
  type Split,
} from "./photo_set.ts";

const endings = /\.(jpe?g|png|webp|avif|tiff?)$/i;

/** Photos of formats that are not read. */
const otherEndings =
  /\.(gif|heic|heif|bmp|jxl|jp2|psd|cr2|cr3|nef|arw|dng|raf|orf|rw2)$/i;

const anyPhoto = new RegExp(`${endings.source}|${otherEndings.source}`, "i");

/** A photo before its split is known. */
export type UnsplitPhoto = Omit<Photo, "split">;

/** Choices of {@linkcode openFolder}. */
export interface OpenOptions extends InspectOptions {
  /**
   * The minimum length of a photo's shorter side in pixels; smaller photos are
   * skipped. 344 by default.
   */
  readonly minSide?: number;
}

/**
 * Opens a folder of photos, including its subfolders and links. Files of other
 * kinds, and names that start with a dot, are ignored. Files that are damaged or
 * too small, duplicates, and photos of formats that are not read, such as HEIC,
 * are skipped and listed in `skipped`.
 *
 * The split of a photo depends on its bytes: the checksum, read as a number in
 * [0, 1), is below 0.8 for train, below 0.9 for valid, else test. So a photo
 * keeps its split when others are added, renamed or removed. In a folder so
 * small that a split would be empty, the photo with the nearest number moves
 * there; at least three photos are needed to fill all three.
 *
 * @param folder The path of the folder.
 * @param options The minimum size, who watches, and who may stop.
 * @returns The set, named by the path.
 * @throws {DatasetError} If the path is not a folder or holds no usable photo.
 * @example
 * ```ts
 * import { openFolder } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const cacheFolder = await Deno.makeTempDir();
 * const options = { minSide: 1024, cacheFolder };
 * const { photos, skipped } = await openFolder("data/starter", options);
 * assertEquals([photos.length, skipped.length], [76, 39]);
 * await Deno.remove(cacheFolder, { recursive: true });
 * ```
 */
export async function openFolder(
  folder: string,
  options: OpenOptions = {},
): Promise<PhotoSet> {
  const { minSide = 344 } = options;
  const files = await listPhotos(folder);
  const names = files.filter((name) => endings.test(name));
  const skipped = files.filter((name) => otherEndings.test(name))
    .map((file): SkippedFile => {
      const format = otherEndings.exec(file)![1]!.toUpperCase();
      return { file, reason: `${format} files are not read` };
    });
  if (names.length === 0) {
    const others = skipped.length > 0
      ? `, and the ${skipped.length} of other formats cannot be read`
      : "";
    throw new DatasetError(
      `Folder "${folder}" holds no JPEG, PNG, WebP, AVIF or TIFF file${others}.`,
    );
  }
  const photos = new Map<string, UnsplitPhoto>();
  for (const file of await inspectPhotos(folder, names, options)) {
    const { name, sha256, shorterSide } = file;
    const same = photos.get(sha256)?.name;
    const reason = file.reason !== ""
      ? file.reason
      : shorterSide < minSide
      ? `its shorter side of ${shorterSide} pixels is below ${minSide}`
      : same !== undefined
      ? `it has the same bytes as "${same}"`
      : undefined;
    if (reason !== undefined) skipped.push({ file: name, reason });
    else photos.set(sha256, { name, path: `${folder}/${name}`, sha256 });
  }
  if (photos.size === 0) {
    throw new DatasetError(
      `Folder "${folder}" holds no usable photo; the first of ` +
        `${skipped.length} skipped is "${skipped[0]?.file}": ` +
        `${skipped[0]?.reason}.`,
    );
  }
  return makePhotoSet(folder, assignSplits([...photos.values()]), skipped);
}

/**
 * Assigns a split to each photo, as {@linkcode openFolder} describes.
 *
 * @param files Photos with different checksums.
 * @returns The photos, sorted by checksum.
 * @example
 * ```ts
 * import { assignSplits } from "./folder.ts";
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

/** The paths of all photos below a folder, whether they are read or not. */
async function listPhotos(folder: string): Promise<string[]> {
  try {
    return await listFilesBelow(folder, anyPhoto, (path, error) => {
      throw new DatasetError(
        `"${path}" could not be opened: ${systemReason(error)}.`,
      );
    });
  } catch (error) {
    if (error instanceof DatasetError) throw error;
    throw new DatasetError(
      error instanceof Deno.errors.NotFound
        ? `Folder "${folder}" does not exist.`
        : `Folder "${folder}" could not be listed: ${systemReason(error)}.`,
    );
  }
}
