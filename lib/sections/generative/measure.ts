/**
 * How good high images are, as single photos and as a set.
 *
 * @module
 */

import type { Pairs } from "@/datasets/mod.ts";
import { meanPsnr, scaleLike } from "@/experiment/measure.ts";
import type { Pixels } from "@/images/mod.ts";
import { measureEnlarged } from "@/sections/super_resolution/measure.ts";
import { originals } from "@/training/mod.ts";
import { type PatchReference, patchReference } from "./perception.ts";
import type { GenerativeQuality, PerceptionSettings } from "./types.ts";

/** Measures high images, one for each pair of a split. */
export interface GenerativeMeasure {
  /** The originals as a set of patches; described when it is first needed. */
  reference(): PatchReference;
  /**
   * Measures high images against their originals, on 8-bit pixels.
   *
   * @param photos High images, in the order of the pairs.
   * @returns Means over the photos, and their distance as a set.
   */
  of(photos: readonly Pixels[]): Promise<GenerativeQuality>;
}

/**
 * Prepares the measures of a split.
 *
 * @param pairs The split, such as the test photos.
 * @param settings Of the distance between sets.
 * @returns The measures.
 */
export function measureOf(
  pairs: Pairs,
  settings: PerceptionSettings,
): GenerativeMeasure {
  const against = originals(pairs, "high");
  const medium = originals(pairs, "medium");
  let described: PatchReference | undefined;
  const reference = () => described ??= patchReference(against, settings);
  return {
    reference,
    of: async (photos) => ({
      ...measureEnlarged(photos, against),
      scaledDownDb: meanPsnr(await scaleLike(photos, medium), medium),
      patches: reference().distanceOf(photos),
    }),
  };
}
