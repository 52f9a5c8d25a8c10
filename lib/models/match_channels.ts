/**
 * The order and the signs of a code's channels that bring it closest to
 * another code: what two networks may differ in, even where a prior fixes the
 * scale of each channel and the axes.
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type LinearMap, linearMap } from "./linear_map.ts";

/** A channel that takes the place of another. */
export interface ChannelMatch {
  /** Which channel. */
  readonly from: number;
  /** Whether it is negated. */
  readonly sign: 1 | -1;
}

/**
 * Matches each channel of y with a different channel of x, so that the sum of
 * the magnitudes of their correlations is maximal.
 *
 * @param correlations `[n][n]`: of x's channel i with y's channel k.
 * @returns One match per channel of y.
 * @throws {RangeError} If there are more than 16 channels: the time doubles
 * with each.
 *
 * @example
 * ```ts
 * import { matchChannels } from "@/models/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(matchChannels([[0.8, -0.9], [0.1, 0.7]]), [
 *   { from: 0, sign: 1 },
 *   { from: 1, sign: 1 },
 * ]);
 * ```
 */
export function matchChannels(
  correlations: readonly (readonly number[])[],
): ChannelMatch[] {
  const n = correlations.length;
  if (n > 16) throw invalid("channels", "at most 16", n);
  // Best sum for the first channels of y, by the set of x's that they take.
  const best = new Float64Array(2 ** n).fill(-Infinity);
  const last = new Uint8Array(2 ** n);
  best[0] = 0;
  for (let taken = 0; taken < 2 ** n - 1; taken++) {
    const k = countBits(taken);
    for (let i = 0; i < n; i++) {
      if (taken & (1 << i)) continue;
      const sum = best[taken]! + Math.abs(correlations[i]![k]!);
      const next = taken | (1 << i);
      if (sum <= best[next]!) continue;
      best[next] = sum;
      last[next] = i;
    }
  }
  const matches: ChannelMatch[] = [];
  for (let taken = 2 ** n - 1, k = n - 1; k >= 0; k--) {
    const from = last[taken]!;
    matches.unshift({ from, sign: correlations[from]![k]! < 0 ? -1 : 1 });
    taken &= ~(1 << from);
  }
  return matches;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

/**
 * Makes the map that puts channels in order, without a scale or a shift.
 *
 * @param matches One match per channel of y.
 * @returns The map from x to y.
 */
export function matchingMap(matches: readonly ChannelMatch[]): LinearMap {
  const n = matches.length;
  const weights = Array.from(
    { length: n },
    (_, i) => matches.map(({ from, sign }) => from === i ? sign : 0),
  );
  return linearMap(tf.tensor2d(weights, [n, n]), tf.zeros([n]) as tf.Tensor1D);
}
