/**
 * Which photo gives which pair.
 *
 * @module
 */
import type { PairSettings } from "./pair_settings.ts";
import type { Photo, PhotoSet } from "@/datasets/photos/photo_set.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { shuffle } from "@/random/shuffle.ts";

/** A pair to cut, and where it goes. */
export interface PlannedPair {
  /** Its place in the file of pairs. */
  readonly slot: number;
  /** Counts the random crops of a photo; the centre crop where absent. */
  readonly crop?: number;
}

/** Everything to cut from one photo, so that it is decoded once. */
export interface PhotoJob {
  /** The photo. */
  readonly photo: Photo;
  /** Its pairs. */
  readonly pairs: PlannedPair[];
}

/**
 * Deals the train pairs out to the train photos, evenly and in a random order,
 * and to every valid and test photo its centre crop, and random ones after it
 * where more are asked for.
 *
 * @param set The photos.
 * @param settings How many pairs, and the seed.
 * @returns The jobs; their slots are 0.. without a gap, train first.
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
  const dealt = jobs.length === 0 ? 0 : trainPairs;
  for (let slot = 0; slot < dealt; slot++) {
    const crop = Math.floor(slot / jobs.length);
    jobs[slot % jobs.length]?.pairs.push({ slot, crop });
  }
  const centres = (["valid", "test"] as const).flatMap((split) =>
    set.photos.filter((photo) => photo.split === split)
  );
  centres.forEach((photo, i) => {
    const first = dealt + i * testPairs;
    const others = Array.from(
      { length: testPairs - 1 },
      (_, crop) => ({ slot: first + 1 + crop, crop }),
    );
    jobs.push({ photo, pairs: [{ slot: first }, ...others] });
  });
  return jobs.filter(({ pairs }) => pairs.length > 0);
}

/**
 * Deals the train pairs of photos that turned out unusable to the others.
 *
 * @param jobs All jobs of the plan.
 * @param failed Those whose photo is unusable.
 * @returns New jobs for usable train photos; none if there is none.
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
