/**
 * A photo set: which photos there are, and what each is used for.
 *
 * @module
 */
import { sha256Hex } from "@/files/sha256.ts";

/** What a photo is used for: training, validation or the final test. */
export type Split = "train" | "valid" | "test";

/** All splits, in the order in which they are stored and shown. */
export const splits: readonly Split[] = ["train", "valid", "test"];

/** One photo of a set. */
export interface Photo {
  /** A short name for captions; unique within its set. */
  readonly name: string;
  /** The path of the file. */
  readonly path: string;
  /** What the photo is used for. */
  readonly split: Split;
  /** The checksum of the file, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A file that is not used, although its name is that of a photo. */
export interface SkippedFile {
  /** The file, relative to its set. */
  readonly file: string;
  /** Why not, in words that follow "skipped: ". */
  readonly reason: string;
}

/** A photo set on disk. */
export interface PhotoSet {
  /** `starter`, `div2k`, `kodak` or the folder's path. */
  readonly name: string;
  /** The photos, sorted by name. */
  readonly photos: readonly Photo[];
  /** The files that are not used. */
  readonly skipped: readonly SkippedFile[];
  /** Changes whenever the bytes, the name or the split of a photo change. */
  readonly fingerprint: string;
}

/**
 * Sorts photos and computes the fingerprint of their set.
 *
 * @param name The set's name.
 * @param photos In any order.
 * @param skipped Files that are not used, in any order.
 * @returns The set.
 * @example
 * ```ts
 * import { makePhotoSet } from "./photo_set.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const photo = (name: string) =>
 *   ({ name, path: `/${name}.png`, split: "train", sha256: name }) as const;
 * const one = makePhotoSet("mine", [photo("a"), photo("b")]);
 * const two = makePhotoSet("other", [photo("b"), photo("a")]);
 * assertEquals(one.fingerprint, two.fingerprint);
 * ```
 */
export function makePhotoSet(
  name: string,
  photos: readonly Photo[],
  skipped: readonly SkippedFile[] = [],
): PhotoSet {
  const sorted = photos.toSorted((a, b) => compare(a.name, b.name));
  const lines = sorted.map((p) => `${p.name}\0${p.split}\0${p.sha256}\n`);
  return {
    name,
    photos: sorted,
    skipped: skipped.toSorted((a, b) => compare(a.file, b.file)),
    fingerprint: sha256Hex(lines.join("")),
  };
}

/** By code unit, so that the order is the same under every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
