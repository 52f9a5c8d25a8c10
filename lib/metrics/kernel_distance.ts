/**
 * How far two sets of patches are apart as sets, whatever patch belongs to
 * which: the kernel distance, an unbiased estimate of the squared maximum mean
 * discrepancy with a cubic kernel.
 *
 * M. Bińkowski et al., "Demystifying MMD GANs", 2018: the kernel inception
 * distance, here in another space of features.
 *
 * @module
 */

import { seededRandom, shuffle } from "@/random/seeded_random.ts";
import { deviation, mean } from "./statistics.ts";

/** Rows of as many numbers each. */
export type FeatureRows = readonly Float64Array[];

/**
 * Estimates the distance between the distributions that two sets of features
 * were drawn from.
 *
 * @param a At least two rows.
 * @param b At least two rows of as many numbers.
 * @returns About 0 for one distribution, or a little below, since the estimate
 * has no bias; positive for different ones. It has the scale of the features:
 * see {@linkcode standardizer}.
 * @throws {RangeError} If a set has fewer than two rows.
 *
 * @example
 * ```ts
 * import { kernelDistance } from "./mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rows = (...values: number[]) =>
 *   values.map((value) => Float64Array.of(value));
 * assertAlmostEquals(kernelDistance(rows(1, 1), rows(1, 1)), 0);
 * // (0 + 1)³ + (1 + 1)³ − 2 (0 + 1)³
 * assertAlmostEquals(kernelDistance(rows(0, 0), rows(1, 1)), 7);
 * ```
 */
export function kernelDistance(a: FeatureRows, b: FeatureRows): number {
  if (Math.min(a.length, b.length) < 2) {
    throw new RangeError(
      `A kernel distance needs two rows on either side, got ${a.length} and ` +
        `${b.length}.`,
    );
  }
  return withinMean(a) + withinMean(b) - 2 * betweenMean(a, b);
}

/** The mean kernel of all pairs of different rows. */
function withinMean(rows: FeatureRows): number {
  const [flat, length] = [joined(rows), rows[0]!.length];
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) sum += kernel(flat, i, flat, j, length);
  }
  return 2 * sum / (rows.length * (rows.length - 1));
}

function betweenMean(a: FeatureRows, b: FeatureRows): number {
  const [first, second, length] = [joined(a), joined(b), a[0]!.length];
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      sum += kernel(first, i, second, j, length);
    }
  }
  return sum / (a.length * b.length);
}

/** All rows one after the other: millions of pairs are compared. */
function joined(rows: FeatureRows): Float64Array {
  const length = rows[0]!.length;
  const flat = new Float64Array(rows.length * length);
  rows.forEach((row, i) => flat.set(row, i * length));
  return flat;
}

/** The kernel of row `i` of a set and row `j` of another. */
function kernel(
  x: Float64Array,
  i: number,
  y: Float64Array,
  j: number,
  length: number,
): number {
  const from = i * length, other = j * length;
  let product = 0;
  for (let at = 0; at < length; at++) {
    product += x[from + at]! * y[other + at]!;
  }
  const affine = product / length + 1;
  return affine * affine * affine;
}

/**
 * Makes a function that standardises features by the means and deviations of a
 * set, so that each number counts alike.
 *
 * @param rows The set, such as patches of originals.
 * @returns Standardises one row; a number that never changes becomes 0.
 */
export function standardizer(
  rows: FeatureRows,
): (row: Float64Array) => Float64Array {
  const columns = Array.from(rows[0]!, (_, i) => rows.map((row) => row[i]!));
  const centers = columns.map(mean);
  const scales = columns.map((column) => deviation(column) || Infinity);
  return (row) => row.map((value, i) => (value - centers[i]!) / scales[i]!);
}

/** A distance, and how far two halves of one set are apart. */
export interface SplitDistance {
  /** The mean over random splits. */
  readonly distance: number;
  /** Its standard deviation over the splits. */
  readonly spread: number;
}

/**
 * Compares made patches with those of originals at other places, over random
 * splits: originals of the one half of all places with made ones of the other
 * half. So a patch is never compared with its own original, and originals
 * compared with themselves show the noise of the measure.
 *
 * @param made Features of made patches; standardised.
 * @param originals Features of the originals at the same places.
 * @param splits Number of random splits, at least two; each is used both ways.
 * @param seed Decides the splits.
 * @returns The distance.
 */
export function splitDistance(
  made: FeatureRows,
  originals: FeatureRows,
  splits: number,
  seed: number,
): SplitDistance {
  const distances = Array.from({ length: splits }, (_, split) => {
    const random = seededRandom("split", seed, split);
    const order = shuffle(originals.map((_, i) => i), random);
    const half = order.length >> 1;
    const [first, second] = [order.slice(0, half), order.slice(half)];
    // One way alone would carry the difference between the two halves.
    return mean(
      [[first, second], [second, first]].map(([here, there]) =>
        kernelDistance(
          here!.map((i) => originals[i]!),
          there!.map((i) => made[i]!),
        )
      ),
    );
  });
  return { distance: mean(distances), spread: deviation(distances) ?? 0 };
}
