/**
 * How the values of each colour channel are spread, for standardisation.
 *
 * @module
 */
import { type Pairs, type PairSize, SharedPairs } from "./pairs.ts";

/** Red, green, blue. */
export type Channels = readonly [number, number, number];

/** Statistics of each channel, in units of 0..1. */
export interface ChannelStatistics {
  /** The mean. */
  readonly mean: Channels;
  /** The standard deviation of the whole population. */
  readonly std: Channels;
  /** The least value. */
  readonly min: Channels;
  /** The greatest value. */
  readonly max: Channels;
}

/**
 * Computes the statistics of all images of one size, exactly, from histograms.
 *
 * @param pairs At least one.
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
    throw new RangeError(`The ${pairs.split} split has no pairs to sum up`);
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
