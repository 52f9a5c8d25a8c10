/**
 * The file of prepared pairs: each slot is one pair as in
 * {@linkcode SharedPairs}.
 *
 * @module
 */
import {
  type SkippedFile,
  type Split,
  splits,
} from "@/datasets/photos/photo_set.ts";
import { pairBytes, SharedPairs } from "./pairs.ts";
import { loadSlots, type SlotManifest } from "./slot_file.ts";

/** Which pairs a file holds. */
export interface PairManifest extends SlotManifest {
  /** The side of the high images. */
  readonly highSize: number;
}

/** The pairs of a photo set, in memory. */
export interface PreparedPairs {
  /** Pairs for training. */
  readonly train: SharedPairs;
  /** Pairs for validation during training. */
  readonly valid: SharedPairs;
  /** Pairs for the final test. */
  readonly test: SharedPairs;
  /** The photos that could not be used. */
  readonly skipped: readonly SkippedFile[];
}

/**
 * Loads a file of pairs into memory and verifies every byte.
 *
 * @param path The file to load.
 * @param fingerprint What the pairs must have been made from.
 * @param signal Stops the loading.
 * @returns The pairs, or undefined if the file is missing, unfinished, damaged
 * or made from something else.
 * @example
 * ```ts
 * import { loadPairFile } from "./pair_file.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await loadPairFile("no/such/file", ""), undefined);
 * ```
 */
export async function loadPairFile(
  path: string,
  fingerprint: string,
  signal?: AbortSignal,
): Promise<PreparedPairs | undefined> {
  const loaded = await loadSlots<PairManifest>(
    path,
    fingerprint,
    ({ highSize }) => pairBytes(highSize),
    signal,
  );
  if (loaded === undefined) return undefined;
  const { manifest, bytes } = loaded;
  const [train, valid, test] = splits.map((split: Split) => {
    const { names } = manifest.splits[split];
    return new SharedPairs(split, manifest.highSize, names, bytes[split]);
  });
  const { skipped } = manifest;
  return { train: train!, valid: valid!, test: test!, skipped };
}
