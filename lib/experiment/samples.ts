/**
 * The photos that figures show: a few of many, evenly spread.
 *
 * @module
 */

import type { Pairs, PreparedPairs } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { writeStrip } from "./photo_strip.ts";

/** Photos in a figure of reconstructions. */
const SAMPLES = 6;

/**
 * Chooses items at even distances, the first one among them.
 *
 * @param items What to choose from.
 * @param most How many are wanted; all are chosen if there are no more.
 * @returns The chosen items in their order.
 *
 * @example
 * ```ts
 * import { evenlySpread } from "./samples.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(evenlySpread(["a", "b", "c", "d", "e"], 2), ["a", "c"]);
 * assertEquals(evenlySpread(["a"], 2), ["a"]);
 * ```
 */
export function evenlySpread<Item>(
  items: readonly Item[],
  most: number,
): Item[] {
  const count = Math.min(most, items.length);
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor(i * items.length / count)]!,
  );
}

/**
 * The test photos that figures show, evenly spread: the first pair of each.
 *
 * @param pairs All pairs.
 * @param most Maximum number of photos; 6 by default.
 * @returns Their pairs.
 */
export function samplePairs(
  { test }: PreparedPairs,
  most: number = SAMPLES,
): Pairs {
  return somePairs(test, most);
}

/**
 * Some photos of a split, evenly spread: the first pair of each.
 *
 * @param pairs The split.
 * @param most Maximum number of photos.
 * @returns Their pairs.
 */
export function somePairs(pairs: Pairs, most: number): Pairs {
  const firsts = [...new Set(pairs.names)].map((name) =>
    pairs.names.indexOf(name)
  );
  const indices = evenlySpread(firsts, most);
  return {
    split: pairs.split,
    count: indices.length,
    names: indices.map((i) => pairs.names[i]!),
    highSize: pairs.highSize,
    mediumSize: pairs.mediumSize,
    high: (i) => pairs.high(indices[i]!),
    medium: (i) => pairs.medium(indices[i]!),
  };
}

/**
 * Selects what belongs to the photos of {@linkcode samplePairs} from a list
 * with one item for each test pair, such as their reconstructions.
 *
 * @param pairs All pairs.
 * @param photos One item for each test pair, in their order.
 * @param most Maximum number of photos; 6 by default.
 * @returns The items of the photos that are shown.
 */
export function samplePhotos<Photo>(
  pairs: PreparedPairs,
  photos: readonly Photo[],
  most: number = SAMPLES,
): Photo[] {
  return samplePairs(pairs, most).names
    .map((name) => photos[pairs.test.names.indexOf(name)]!);
}

/**
 * Writes the photos that figures show as a strip.
 *
 * @param path Where to; `.png` makes a PNG file.
 * @param photos One photo for each test pair, in their order.
 * @param pairs All pairs.
 * @param most Maximum number of photos; 6 by default.
 */
export async function writeSamples(
  path: string,
  photos: readonly Pixels[],
  pairs: PreparedPairs,
  most: number = SAMPLES,
): Promise<void> {
  await writeStrip(path, samplePhotos(pairs, photos, most));
}
