/**
 * Statistics of the colour channels, for standardisation.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import { type Pairs, type PairSize, SharedPairs } from "./pairs.ts";

/** Red, green, blue. */
export type Channels = readonly [number, number, number];

/** Statistics of each colour channel, in units of 0..1. */
export interface ChannelStatistics {
  /** The mean value. */
  readonly mean: Channels;
  /** The standard deviation over all values, not an estimate from a sample. */
  readonly std: Channels;
  /** The minimum. */
  readonly min: Channels;
  /** The maximum. */
  readonly max: Channels;
}

/**
 * Computes the statistics of all images of one size, exactly, from histograms.
 *
 * @param pairs The pairs, at least one.
 * @param size Which image of each pair.
 * @returns Statistics of each channel, in units of 0..1.
 * @throws {RangeError} If there are no pairs.
 * @example
 * ```ts
 * import { channelStatistics, SharedPairs } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pairs = SharedPairs.from("train", 2, ["dot"], [
 *   { high: new Uint8Array(12), medium: new Uint8Array([0, 51, 255]) },
 * ]);
 * assertEquals(channelStatistics(pairs, "medium").mean, [0, 0.2, 1]);
 * ```
 */
export function channelStatistics(
  pairs: Pairs,
  size: PairSize,
): ChannelStatistics {
  if (pairs.count === 0) {
    throw invalid(`The number of ${pairs.split} pairs`, "at least 1", 0);
  }
  const counts = histograms(pairs, size).map(summary);
  const of = (key: keyof ChannelStatistics) =>
    counts.map((channel) => channel[key]) as unknown as Channels;
  return { mean: of("mean"), std: of("std"), min: of("min"), max: of("max") };
}

function histograms(pairs: Pairs, size: PairSize): Float64Array[] {
  const red = new Float64Array(256);
  const green = new Float64Array(256);
  const blue = new Float64Array(256);
  for (let i = 0; i < pairs.count; i++) {
    const image = pairs instanceof SharedPairs
      ? pairs.view(size, i)
      : pairs[size](i);
    for (let j = 0; j < image.length; j += 3) {
      red[image[j]!]!++;
      green[image[j + 1]!]!++;
      blue[image[j + 2]!]!++;
    }
  }
  return [red, green, blue];
}

function summary(
  counts: Float64Array,
): Record<keyof ChannelStatistics, number> {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const mean = counts.reduce((sum, n, value) => sum + n * value, 0) / total;
  const squares = counts.reduce(
    (sum, n, value) => sum + n * (value - mean) ** 2,
    0,
  );
  return {
    mean: mean / 255,
    std: Math.sqrt(squares / total) / 255,
    min: counts.findIndex((count) => count > 0) / 255,
    max: counts.findLastIndex((count) => count > 0) / 255,
  };
}
