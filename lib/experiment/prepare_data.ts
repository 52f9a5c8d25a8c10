/**
 * The photos of a section: opened, cut into pairs, summed up.
 *
 * @module
 */

import {
  openPhotoSet,
  pairFingerprint,
  type PairSettings,
  type PhotoSet,
  type PreparedPairs,
  preparePairs,
} from "@/datasets/mod.ts";
import type { DatasetSummary, SectionContext } from "./types.ts";

/**
 * Linear maps and principal components are fitted to every nth train pair: more
 * would take longer and change little.
 */
export const FIT_EVERY = 4;

/** What a section works on: its context, and its photos cut into pairs. */
export interface SectionData extends SectionContext {
  /** Where the pairs are cut from. */
  readonly set: PhotoSet;
  /** The pairs. */
  readonly pairs: PreparedPairs;
  /** For the result. */
  readonly summary: DatasetSummary;
}

/**
 * Opens a section's photo set and cuts its pairs, or loads them.
 *
 * @param context What the section was given.
 * @param wanted How many pairs, and the side of the high images.
 * @returns The context together with the photos and pairs.
 * @throws {DatasetError} When there are no usable photos.
 */
export async function prepareData(
  context: SectionContext,
  wanted: Omit<PairSettings, "seed">,
): Promise<SectionData> {
  const { data, seed, controls: { onProgress, signal } } = context;
  const set = await openPhotoSet(data, {
    minSide: wanted.highSize,
    ...onProgress && { onProgress },
    ...signal && { signal },
  });
  const settings = { ...wanted, seed };
  const pairs = await preparePairs(set, settings, { onProgress, signal });
  const summary = {
    // A folder's path differs between machines; its last part is the name.
    name: set.name.split(/[/\\]/).filter(Boolean).at(-1) ?? set.name,
    fingerprint: set.fingerprint,
    pairs: pairFingerprint(set, settings),
    counts: {
      train: pairs.train.count,
      valid: pairs.valid.count,
      test: pairs.test.count,
      skipped: pairs.skipped.length,
    },
  };
  return { ...context, set, pairs, summary };
}
