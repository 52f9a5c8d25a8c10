/**
 * Which photo gives which pair.
 *
 * @module
 */
import type { Photo, PhotoSet } from "@/datasets/photos/photo_set.ts";
import { invalid, requireWhole } from "@/errors/invalid.ts";
import { seededRandom, shuffle } from "@/random/seeded_random.ts";

/** How photos become pairs. */
export interface PairSettings {
  /** The side of the high images in pixels, even; 344 in the write-up. */
  readonly highSize: number;
  /**
   * Number of pairs to cut from the train photos: equally many from each, every
   * one at another place and scale. With 0, only test photos are needed.
   */
  readonly trainPairs: number;
  /**
   * Number of pairs to cut from each valid and test photo: the centre, then
   * random places and scales as for training. 1 by default.
   */
  readonly testPairs?: number;
  /** Decides the places and scales; a whole number. */
  readonly seed: number;
}

/** A pair to cut, and its place. */
export interface PlannedPair {
  /** Its place in the file of pairs. */
  readonly slot: number;
  /** The number of the random crop, from 0; undefined for the centre crop. */
  readonly crop?: number;
}

/** Everything to cut from one photo, which is thus decoded only once. */
export interface PhotoJob {
  /** The photo. */
  readonly photo: Photo;
  /** Its pairs. */
  readonly pairs: PlannedPair[];
}

/**
 * Assigns the train pairs to the train photos, evenly and in a random order, and
 * to every valid and test photo its centre crop, followed by random ones if the
 * settings ask for more.
 *
 * @param set The photos.
 * @param settings The numbers of pairs, and the seed.
 * @returns The jobs; their slots count from 0 without a gap, train first.
 * @example
 * ```ts
 * import { openPhotoSet } from "@/datasets/mod.ts";
 * import { planPairs } from "./plan_pairs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await openPhotoSet("starter");
 * const jobs = planPairs(set, { highSize: 344, trainPairs: 182, seed: 1 });
 * assertEquals(jobs[0]?.pairs.length, 2);
 * assertEquals(jobs.length, 115);
 * ```
 */
export function planPairs(set: PhotoSet, settings: PairSettings): PhotoJob[] {
  const { trainPairs, testPairs = 1, seed } = settings;
  const train = shuffle(
    set.photos.filter(({ split }) => split === "train"),
    seededRandom(seed, "photos"),
  );
  const jobs: PhotoJob[] = train.map((photo) => ({ photo, pairs: [] }));
  const assigned = jobs.length === 0 ? 0 : trainPairs;
  for (let slot = 0; slot < assigned; slot++) {
    const crop = Math.floor(slot / jobs.length);
    jobs[slot % jobs.length]?.pairs.push({ slot, crop });
  }
  const centres = (["valid", "test"] as const).flatMap((split) =>
    set.photos.filter((photo) => photo.split === split)
  );
  centres.forEach((photo, i) => {
    const first = assigned + i * testPairs;
    const others = Array.from(
      { length: testPairs - 1 },
      (_, crop) => ({ slot: first + 1 + crop, crop }),
    );
    jobs.push({ photo, pairs: [{ slot: first }, ...others] });
  });
  return jobs.filter(({ pairs }) => pairs.length > 0);
}

/**
 * Assigns the train pairs of photos that turned out unusable to the others.
 *
 * @param jobs All jobs of the plan.
 * @param failed The jobs whose photo is unusable.
 * @returns New jobs for the usable train photos.
 * @example
 * ```ts
 * import { replanPairs } from "./plan_pairs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const job = (name: string, slot: number) => ({
 *   photo: { name, path: name, split: "train" as const, sha256: name },
 *   pairs: [{ slot, crop: 0 }],
 * });
 * const good = job("good", 0);
 * const bad = job("bad", 1);
 * assertEquals(replanPairs([good, bad], new Set([bad])), [
 *   { photo: good.photo, pairs: [{ slot: 1, crop: 1 }] },
 * ]);
 * ```
 */
export function replanPairs(
  jobs: readonly PhotoJob[],
  failed: ReadonlySet<PhotoJob>,
): PhotoJob[] {
  const train = jobs.filter(({ photo }) => photo.split === "train");
  const usable = train.filter((job) => !failed.has(job));
  const lost = train.filter((job) => failed.has(job))
    .flatMap(({ pairs }) => pairs);
  const again = usable.map(({ photo }): PhotoJob => ({ photo, pairs: [] }));
  lost.forEach(({ slot }, i) => {
    const which = i % usable.length;
    const job = again[which];
    const before = usable[which]?.pairs.length ?? 0;
    job?.pairs.push({ slot, crop: before + job.pairs.length });
  });
  return again.filter(({ pairs }) => pairs.length > 0);
}

/**
 * Checks settings.
 *
 * @param settings The settings to check.
 * @throws {RangeError} If a setting is invalid.
 * @example
 * ```ts
 * import { checkPairSettings } from "./plan_pairs.ts";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => checkPairSettings({ highSize: 343, trainPairs: 800, seed: 1 }),
 *   RangeError,
 *   "highSize must be even and at least 2, got 343.",
 * );
 * ```
 */
export function checkPairSettings(settings: PairSettings): void {
  const { highSize, trainPairs, testPairs = 1, seed } = settings;
  if (!Number.isInteger(highSize) || highSize < 2 || highSize % 2 !== 0) {
    throw invalid("highSize", "even and at least 2", highSize);
  }
  requireWhole("trainPairs", trainPairs, 0);
  requireWhole("testPairs", testPairs, 1);
  requireWhole("seed", seed);
}
