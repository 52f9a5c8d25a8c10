/**
 * Whole photos to measure codecs on.
 *
 * @module
 */

import { basename } from "node:path";
import {
  DatasetError,
  kodakFiles,
  openKodak,
  openPhotoSet,
  type Photo,
  type PhotoSet,
} from "@/datasets/mod.ts";
import {
  halveImage,
  type Pixels,
  readImage,
  resizeImage,
} from "@/images/mod.ts";
import { evenlySpread } from "@/experiment/samples.ts";

/** A photo to measure on. */
export interface PhotoToMeasure extends Photo {
  /** Maximum pixels of the longer side; a larger photo is scaled down. */
  readonly longestSide?: number;
}

/** Photos to measure on. */
export interface PhotosToMeasure {
  /** Name of the set; of a folder the last part of its path. */
  readonly name: string;
  /** Name of the results' file without its extension. */
  readonly file: string;
  /** Checksum of all photos of the set. */
  readonly fingerprint: string;
  /** The photos that are measured, sorted by name. */
  readonly photos: readonly PhotoToMeasure[];
}

/** A photo at both sizes. */
export interface MeasuredPhoto {
  /** Name of the photo in its set. */
  readonly name: string;
  /** The photo. */
  readonly full: Pixels;
  /** Half as wide and as high, rounded up, by Lanczos. */
  readonly half: Pixels;
}

/** Minimum side in pixels: its half still has all scales of MS-SSIM. */
export const LEAST_SIDE = 321;

/**
 * Pixels of the longer side of starter photos, as in Kodak's. The originals are
 * WebP files, whose losses would favour WebP; scaling down removes them.
 */
const STARTER_SIDE = 768;

/**
 * Chooses photos: all of Kodak's, the test photos of sets that the codec may
 * have been trained on, or all photos in a folder.
 *
 * @param data `kodak`, `starter`, `div2k` or a folder; a folder with all of
 * Kodak's files counts as `kodak`.
 * @param minSide Photos of a folder with a shorter side are skipped, in pixels.
 * @returns The photos and what they are called.
 * @throws {DatasetError} If there is no photo.
 */
export async function photosToMeasure(
  data: string,
  minSide: number = LEAST_SIDE,
): Promise<PhotosToMeasure> {
  if (data === "kodak") return measured("kodak", await openKodak());
  if (await holdsKodak(data)) return measured("kodak", await openKodak(data));
  const set = await openPhotoSet(data, { minSide });
  if (set.name === "starter" || set.name === "div2k") {
    const photos = set.photos.filter(({ split }) => split === "test");
    const { name, file, fingerprint } = measured(set.name, { ...set, photos });
    if (name === "div2k") return { name, file, fingerprint, photos };
    const longestSide = STARTER_SIDE;
    return {
      name: `starter, at most ${longestSide} pixels wide and high`,
      ...{ file, fingerprint },
      photos: photos.map((photo) => ({ ...photo, longestSide })),
    };
  }
  const name = basename(data);
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  return { ...measured(name, set), file: `folder_${slug}` };
}

function measured(
  name: string,
  { photos, fingerprint }: PhotoSet,
): PhotosToMeasure {
  if (photos.length === 0) {
    throw new DatasetError(`Photo set "${name}" has no photo to measure on.`);
  }
  return { name, file: name, fingerprint, photos };
}

async function holdsKodak(folder: string): Promise<boolean> {
  try {
    await Promise.all(kodakFiles.map((file) => Deno.stat(`${folder}/${file}`)));
    return true;
  } catch {
    return false;
  }
}

/**
 * The key of a photo in a cache.
 *
 * @param photo The photo.
 * @returns Its checksum and the side to which it is scaled down.
 */
export function photoKey({ sha256, longestSide }: PhotoToMeasure): string {
  return longestSide === undefined ? sha256 : `${sha256} ${longestSide}`;
}

/**
 * Reads a photo and scales it down if it is larger than it should be.
 *
 * @param photo Where it is, and its maximum size.
 * @returns Its pixels.
 * @throws {ImageError} If it cannot be read.
 */
export async function readPhoto(
  { path, longestSide = Infinity }: PhotoToMeasure,
): Promise<Pixels> {
  const photo = await readImage(path);
  const { width, height } = photo;
  const scale = longestSide / Math.max(width, height);
  if (scale >= 1) return photo;
  const [w, h] = [width, height].map((side) => Math.round(side * scale));
  return await resizeImage(photo, w!, h!);
}

/**
 * Reads a photo and scales a copy to half its size.
 *
 * @param photo Where it is, and its maximum size.
 * @returns Both sizes.
 * @throws {ImageError} If it cannot be read.
 */
export async function readBothSizes(
  photo: PhotoToMeasure,
): Promise<MeasuredPhoto> {
  const full = await readPhoto(photo);
  return { name: photo.name, full, half: await halveImage(full) };
}

/**
 * Chooses photos of a set, evenly spread.
 *
 * @param set The photos.
 * @param most How many at most.
 * @returns The set of those that were chosen.
 */
export function chooseSome(
  set: PhotosToMeasure,
  most = Infinity,
): PhotosToMeasure {
  return { ...set, photos: evenlySpread(set.photos, most) };
}
