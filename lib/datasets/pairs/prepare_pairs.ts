/**
 * Photos to pairs, once; later calls load what the first has kept.
 *
 *     photos → decode → crops → high 344 → Lanczos → medium 172
 *                                  └──────┬───────────┘
 *                   data/cache/<fingerprint>/pairs.bin
 *
 * @module
 */
import { buildPairs } from "./build_pairs.ts";
import { DatasetError } from "@/datasets/dataset_error.ts";
import { dataPath, diskError } from "@/files/disk.ts";
import { withFileLock } from "@/files/file_lock.ts";
import { type LoadedPairs, loadPairFile } from "./pair_file.ts";
import { checkPairSettings, type PairSettings } from "./pair_settings.ts";
import type { PhotoSet } from "@/datasets/photos/photo_set.ts";
import type { OnDataProgress } from "@/datasets/progress.ts";
import { sha256Hex } from "@/files/sha256.ts";

/** Raise it whenever the same settings would give other pairs. */
const version = 1;

/** The pairs of a photo set. */
export type PreparedPairs = LoadedPairs;

/** Where and how {@linkcode preparePairs} works. */
export interface PrepareOptions {
  /** Keeps the prepared pairs; `data/cache` by default. */
  readonly cacheFolder?: string;
  /** Photos that are decoded at once; as many as there are cores by default. */
  readonly atOnce?: number;
}

/**
 * Cuts the photos of a set into pairs and keeps them, or loads them if they
 * have been cut before.
 *
 * - Train: `trainPairs` random crops. Valid and test: the centre of each photo,
 *   and random crops of it where `testPairs` asks for them.
 * - A photo that is damaged, or whose shorter side is below `highSize`, is
 *   skipped and named in `skipped`, along with the files that the set skipped;
 *   its train pairs are cut from other photos.
 * - The same set and settings give the same bytes, whatever the order in which
 *   threads finish.
 * - Kept pairs are verified in full. If they are damaged they are cut again.
 * - A second process that asks for the same pairs waits and loads them.
 *
 * @param set The photos.
 * @param settings How to cut them.
 * @param onProgress Told how far it is.
 * @param signal Stops it, leaving nothing half-written.
 * @param options Where and how to work.
 * @returns The pairs in memory.
 * @throws {DatasetError} If the settings make no sense, a split that is needed
 * has no usable photo, a photo has changed since the set was opened, or the
 * disk is full.
 * @example
 * ```ts
 * import { openPhotoSet, preparePairs } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await openPhotoSet("starter");
 * const settings = { highSize: 32, trainPairs: 91, seed: 1 };
 * const cacheFolder = await Deno.makeTempDir();
 * const { train, test } = await preparePairs(
 *   set,
 *   settings,
 *   undefined,
 *   undefined,
 *   { cacheFolder },
 * );
 * assertEquals([train.count, test.count], [91, 12]);
 * assertEquals(train.high(0).length, 32 * 32 * 3);
 * await Deno.remove(cacheFolder, { recursive: true });
 * ```
 */
export async function preparePairs(
  set: PhotoSet,
  settings: PairSettings,
  onProgress?: OnDataProgress,
  signal?: AbortSignal,
  options: PrepareOptions = {},
): Promise<PreparedPairs> {
  checkPairSettings(settings);
  signal?.throwIfAborted();
  const fingerprint = pairFingerprint(set, settings);
  const folder = `${options.cacheFolder ?? dataPath("cache")}/${fingerprint}`;
  const path = `${folder}/pairs.bin`;
  const load = async () => {
    const pairs = await loadPairFile(path, fingerprint, signal);
    return pairs && { ...pairs, skipped: [...set.skipped, ...pairs.skipped] };
  };
  const kept = await load();
  if (kept !== undefined) return kept;
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    throw diskError(error, folder);
  });
  return await withFileLock(
    `${folder}/lock`,
    async () => {
      const made = await load();
      if (made !== undefined) return made;
      await buildPairs(set, settings, path, fingerprint, {
        atOnce: options.atOnce ?? navigator.hardwareConcurrency,
        onProgress,
        signal,
      });
      const pairs = await load();
      if (pairs !== undefined) return pairs;
      throw new DatasetError(
        `"${path}" does not hold what has just been written; check the disk`,
      );
    },
    signal,
    () =>
      onProgress?.({
        phase: "Waiting for another process that prepares the same pairs",
        done: 0,
        total: 0,
      }),
  );
}

/**
 * Sums up everything that decides the bytes of the pairs.
 *
 * @param set The photos.
 * @param settings How they are cut.
 * @returns 16 hexadecimal digits, the name of a folder in `data/cache`.
 * @example
 * ```ts
 * import { openPhotoSet, pairFingerprint } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await openPhotoSet("starter");
 * const settings = { highSize: 344, trainPairs: 800, seed: 1 };
 * assertEquals(pairFingerprint(set, settings).length, 16);
 * ```
 */
export function pairFingerprint(set: PhotoSet, settings: PairSettings): string {
  const { highSize, trainPairs, testPairs = 1, seed } = settings;
  const parts = [version, set.fingerprint, highSize, trainPairs, seed];
  return sha256Hex(
    JSON.stringify(testPairs === 1 ? parts : [...parts, testPairs]),
  ).slice(0, 16);
}
