/**
 * Cuts photos into pairs once; later calls load what the first one has kept.
 *
 *     photos → decode → crops → high 344 → Lanczos → medium 172
 *                                  └──────┬───────────┘
 *                   data/cache/<fingerprint>/pairs.bin
 *
 * @module
 */
import type { PhotoSet } from "@/datasets/photos/photo_set.ts";
import { dataPath } from "@/files/data_path.ts";
import { imageVersions } from "@/images/mod.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { buildPairs, type PrepareOptions } from "./build_pairs.ts";
import { loadPairFile, type PreparedPairs } from "./pair_file.ts";
import { checkPairSettings, type PairSettings } from "./plan_pairs.ts";
import { prepareOnce } from "./prepare_once.ts";

/** To be raised whenever the same settings would give other pairs. */
const version = 2;

/**
 * Cuts the photos of a set into pairs and keeps them, or loads them if they
 * have been cut before.
 *
 * - Train: `trainPairs` random crops. Valid and test: the centre of each photo,
 *   and random crops of it if `testPairs` asks for more.
 * - A photo that is damaged, or whose shorter side is below `highSize`, is
 *   skipped and listed in `skipped`, along with the files that the set skipped;
 *   its train pairs are cut from other photos.
 * - The same set and settings give the same bytes, whatever the order in which
 *   threads finish.
 * - Kept pairs are verified completely. If they are damaged they are cut again.
 * - A second process that asks for the same pairs waits and loads them.
 *
 * @param set The photos.
 * @param settings How to cut them.
 * @param options Who watches, who may stop, and where to keep the pairs.
 * @returns The pairs in memory.
 * @throws {DatasetError} If a split that is needed has no usable photo, a photo
 * has changed since the set was opened, or the disk is full.
 * @throws {RangeError} If a setting is invalid.
 * @example
 * ```ts
 * import { openPhotoSet, preparePairs } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const set = await openPhotoSet("starter");
 * const settings = { highSize: 32, trainPairs: 91, seed: 1 };
 * const cacheFolder = await Deno.makeTempDir();
 * const pairs = await preparePairs(set, settings, { cacheFolder });
 * assertEquals([pairs.train.count, pairs.test.count], [91, 12]);
 * assertEquals(pairs.train.high(0).length, 32 * 32 * 3);
 * await Deno.remove(cacheFolder, { recursive: true });
 * ```
 */
export async function preparePairs(
  set: PhotoSet,
  settings: PairSettings,
  options: PrepareOptions = {},
): Promise<PreparedPairs> {
  checkPairSettings(settings);
  const { onProgress, signal, cacheFolder = dataPath("cache") } = options;
  signal?.throwIfAborted();
  const fingerprint = pairFingerprint(set, settings);
  const folder = `${cacheFolder}/${fingerprint}`;
  const path = `${folder}/pairs.bin`;
  const load = async () => {
    const pairs = await loadPairFile(path, fingerprint, signal);
    return pairs && { ...pairs, skipped: [...set.skipped, ...pairs.skipped] };
  };
  return await prepareOnce({
    what: "pairs",
    folder,
    path,
    load,
    build: () => buildPairs(set, settings, { path, fingerprint, ...options }),
    onProgress,
    signal,
  });
}

/**
 * Computes a fingerprint of everything that decides the bytes of the pairs.
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
  const libraries = imageVersions();
  const parts = [
    ...[version, libraries, set.fingerprint],
    ...[highSize, trainPairs, seed],
  ];
  return sha256Hex(
    JSON.stringify(testPairs === 1 ? parts : [...parts, testPairs]),
  ).slice(0, 16);
}
