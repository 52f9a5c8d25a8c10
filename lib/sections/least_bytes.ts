/**
 * The fewest bytes that reach a quality, by search of a codec's settings on
 * real files; between the last two settings, which lie one apart, the file's
 * size is interpolated.
 *
 * @module
 */

/** A file of a setting, as far as the search looks at it. */
export interface Trial {
  /** Of the file, over 0. */
  readonly bytes: number;
  /** What is to reach the target, in dB. */
  readonly psnrDb: number;
}

/** What was found. */
export interface LeastBytes {
  /** The first setting that reaches the target; the last one if none does. */
  readonly quality: number;
  /**
   * Bytes at the target: between those of this setting and of the one before,
   * linear in the logarithm of the bytes over decibels.
   */
  readonly bytes: number;
  /**
   * `"within"` if the target lies between the worst and the best setting,
   * `"below"` if the worst one is above it already, whose file is then taken,
   * and `"above"` if no setting reaches it.
   */
  readonly reach: "below" | "within" | "above";
}

/**
 * Searches whole settings by bisection, on the understanding that a higher one
 * makes no worse image.
 *
 * @param range The first and the last setting, whole numbers.
 * @param at Tries a setting; at most 9 are tried of 100.
 * @param target In dB.
 *
 * @example
 * ```ts
 * import { leastBytes } from "@/sections/least_bytes.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * // 1 dB a step, and a tenth more bytes.
 * const at = (quality: number) =>
 *   Promise.resolve({ bytes: 1000 * 1.1 ** quality, psnrDb: 20 + quality });
 * const found = await leastBytes({ low: 1, high: 100 }, at, 30.5);
 * assertEquals([found.quality, found.reach], [11, "within"]);
 * assertAlmostEquals(found.bytes, 1000 * 1.1 ** 10.5);
 * ```
 */
export async function leastBytes(
  range: { readonly low: number; readonly high: number },
  at: (quality: number) => Promise<Trial>,
  target: number,
): Promise<LeastBytes> {
  let { low, high } = range;
  let [below, reaches] = [await at(low), await at(high)];
  if (below.psnrDb >= target) {
    return { quality: low, bytes: below.bytes, reach: "below" };
  }
  if (reaches.psnrDb < target) {
    return { quality: high, bytes: reaches.bytes, reach: "above" };
  }
  while (high - low > 1) {
    const quality = (low + high) >> 1;
    const trial = await at(quality);
    if (trial.psnrDb < target) [low, below] = [quality, trial];
    else [high, reaches] = [quality, trial];
  }
  return {
    quality: high,
    bytes: between(below, reaches, target),
    reach: "within",
  };
}

function between(below: Trial, reaches: Trial, target: number): number {
  // A better file that is not larger needs no share of the worse one.
  if (reaches.bytes <= below.bytes) return reaches.bytes;
  const share = (target - below.psnrDb) / (reaches.psnrDb - below.psnrDb);
  return below.bytes * (reaches.bytes / below.bytes) ** share;
}
