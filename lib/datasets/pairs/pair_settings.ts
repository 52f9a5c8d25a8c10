/**
 * What decides which pairs are cut from a photo set.
 *
 * @module
 */
import { DatasetError } from "@/datasets/dataset_error.ts";

/** How photos become pairs. */
export interface PairSettings {
  /** The side of the high images, even; 344 in the write-up. */
  readonly highSize: number;
  /**
   * Pairs to cut from the train photos: an equal number from each, every one
   * at another place and scale. With 0, only test photos are needed.
   */
  readonly trainPairs: number;
  /**
   * Pairs to cut from each valid and test photo: the centre, and then places
   * and scales at random as for training. 1 by default.
   */
  readonly testPairs?: number;
  /** Decides the places and scales. */
  readonly seed: number;
}

/**
 * Refuses settings that make no sense.
 *
 * @param settings To check.
 * @throws {DatasetError} That names the setting and its value.
 * @example
 * ```ts
 * import { checkPairSettings, DatasetError } from "@/datasets/mod.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkPairSettings({ highSize: 343, trainPairs: 800, seed: 1 }),
 *   DatasetError,
 *   "343",
 * );
 * ```
 */
export function checkPairSettings(
  { highSize, trainPairs, testPairs = 1, seed }: PairSettings,
): void {
  if (!Number.isInteger(highSize) || highSize < 2 || highSize % 2 !== 0) {
    throw new DatasetError(
      `highSize must be an even number of at least 2, but it is ${highSize}`,
    );
  }
  if (!Number.isInteger(trainPairs) || trainPairs < 0) {
    throw new DatasetError(
      `trainPairs must be a whole number of at least 0, but it is ${trainPairs}`,
    );
  }
  if (!Number.isInteger(testPairs) || testPairs < 1) {
    throw new DatasetError(
      `testPairs must be a whole number of at least 1, but it is ${testPairs}`,
    );
  }
  if (!Number.isInteger(seed)) {
    throw new DatasetError(`seed must be a whole number, but it is ${seed}`);
  }
}
