/**
 * The photos of a section: opened, cut into pairs, summed up.
 *
 * @module
 */

import {
  openPhotoSet,
  type PhotoSet,
  type PreparedPairs,
  preparePairs,
} from "@/datasets/mod.ts";
import type { DatasetSummary, SectionContext } from "./section.ts";

/** A section's photos. */
export interface SectionData {
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
 * @param trainPairs Pairs to train on.
 * @param highSize Side of the high images; 344 by default.
 * @param testPairs Pairs of each valid and test photo; its centre by default.
 * @throws {DatasetError} When there are no usable photos.
 */
export async function prepareData(
  { data, seed, controls }: SectionContext,
  trainPairs: number,
  highSize = 344,
  testPairs = 1,
): Promise<SectionData> {
  const { onProgress, signal } = controls;
  const set = await openPhotoSet(data, {
    minSide: highSize,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });
  const pairs = await preparePairs(
    set,
    { highSize, trainPairs, testPairs, seed },
    onProgress,
    signal,
  );
  const summary = {
    // A folder's path is a matter of one machine.
    name: set.name.split(/[/\\]/).filter(Boolean).at(-1) ?? set.name,
    fingerprint: set.fingerprint,
    counts: {
      train: pairs.train.count,
      valid: pairs.valid.count,
      test: pairs.test.count,
      skipped: pairs.skipped.length,
    },
  };
  return { set, pairs, summary };
}
