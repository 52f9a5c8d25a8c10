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
 * Searches whole settings, on the understanding that a higher one makes no worse
 * image: next where the last trials let it be expected, or halfway between them
 * where that moved the same end twice.
 *
 * @param range The first and the last setting, whole numbers.
 * @param at Tries a setting, each at most once; about 5 of 100 on usual curves.
 * @param target In dB.
 *
 * @example
 * ```ts
 * import { leastBytes } from "./least_bytes.ts";
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
  let below: Tried | undefined, reaches: Tried | undefined;
  let moved: "below" | "reaches" | undefined;
  let quality = (range.low + range.high) >> 1;
  while (true) {
    const tried = { quality, ...await at(quality) };
    const side = tried.psnrDb < target ? "below" : "reaches";
    const isStuck = moved === side && below !== undefined &&
      reaches !== undefined;
    const slope = slopeOf(side === "below" ? below : reaches, tried);
    if (side === "below") below = tried;
    else reaches = tried;
    moved = side;
    const low = below?.quality ?? range.low - 1;
    const high = reaches?.quality ?? range.high + 1;
    if (high - low <= 1) break;
    let next = (low + high) / 2;
    if (below === undefined || reaches === undefined) {
      // A little further, to have the target between two settings.
      next = quality + OVERSHOOT * (target - tried.psnrDb) / slope;
    } else if (!isStuck) {
      const share = (target - below.psnrDb) / (reaches.psnrDb - below.psnrDb);
      next = low + share * (high - low);
    }
    quality = Math.max(low + 1, Math.min(high - 1, Math.round(next)));
  }
  if (below === undefined) return { ...end(reaches!), reach: "below" };
  if (reaches === undefined) return { ...end(below), reach: "above" };
  return {
    quality: reaches.quality,
    bytes: between(below, reaches, target),
    reach: "within",
  };
}

interface Tried extends Trial {
  readonly quality: number;
}

/** Decibels a setting, where nothing is known yet; those of the codecs here. */
const USUAL_SLOPE = 0.2;

/** How much further than expected a trial goes to pass the target. */
const OVERSHOOT = 1.2;

function slopeOf(before: Tried | undefined, tried: Tried): number {
  if (before === undefined) return USUAL_SLOPE;
  const slope = (tried.psnrDb - before.psnrDb) /
    (tried.quality - before.quality);
  return slope > 0 ? slope : USUAL_SLOPE;
}

function end({ quality, bytes }: Tried): { quality: number; bytes: number } {
  return { quality, bytes };
}

function between(below: Trial, reaches: Trial, target: number): number {
  // A better file that is not larger needs no share of the worse one.
  if (reaches.bytes <= below.bytes) return reaches.bytes;
  const share = (target - below.psnrDb) / (reaches.psnrDb - below.psnrDb);
  return below.bytes * (reaches.bytes / below.bytes) ** share;
}
