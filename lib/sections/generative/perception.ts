/**
 * How real made images look as a set: the kernel distance of their patches from
 * those of the originals, with the noise of the measure.
 *
 * @module
 */

import type { Pixels } from "@/images/mod.ts";
import {
  kernelDistance,
  patchFeatures,
  type SplitDistance,
  splitDistance,
  standardizer,
} from "@/metrics/mod.ts";
import type { PerceptionSettings } from "./types.ts";

/** The originals, to which made images are compared. */
export interface PatchReference {
  /** Originals compared with themselves: the noise. */
  readonly noise: SplitDistance;
  /**
   * Between the first and the second half of the photos, for scale; null for a
   * single photo.
   */
  readonly otherPhotos: number | null;
  /**
   * Compares made images.
   *
   * @param photos Made images, of the originals' sizes, in their order.
   */
  distanceOf(photos: readonly Pixels[]): SplitDistance;
}

/**
 * Describes the patches of originals.
 *
 * @param originals At least one photo.
 * @param settings Side of the patches, and number of splits.
 * @returns What made images are compared with.
 */
export function patchReference(
  originals: readonly Pixels[],
  { patch, splits }: PerceptionSettings,
): PatchReference {
  const each = originals.map((photo) => patchFeatures(photo, patch));
  const standardise = standardizer(each.flat());
  const rows = each.map((features) => features.map(standardise));
  const all = rows.flat();
  const half = rows.length >> 1;
  return {
    noise: splitDistance(all, all, splits, SPLIT_SEED),
    otherPhotos: half === 0
      ? null
      : kernelDistance(rows.slice(0, half).flat(), rows.slice(half).flat()),
    distanceOf: (photos) => {
      const made = photos.flatMap((photo) => patchFeatures(photo, patch));
      return splitDistance(made.map(standardise), all, splits, SPLIT_SEED);
    },
  };
}

/** The same splits for all, so that they differ by the images alone. */
const SPLIT_SEED = 1;
