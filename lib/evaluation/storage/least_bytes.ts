/**
 * The fewest bytes with which a codec reaches a PSNR. Settings are searched by
 * encoding real files; between the last two settings, which are one apart, the
 * file size is interpolated.
 *
 * @module
 */

/** A file that was encoded with one setting. */
export interface Trial {
  /** Size of the file, positive. */
  readonly bytes: number;
  /** The PSNR that has to reach the target, in dB. */
  readonly psnrDb: number;
}

/** The result of a search. */
export interface LeastBytes {
  /** The lowest setting that reaches the target; the highest if none does. */
  readonly quality: number;
  /**
   * Bytes at the target: interpolated between this setting and the one below,
   * linear in the logarithm of the bytes over decibels.
   */
  readonly bytes: number;
  /**
   * `"within"` if the target is between the worst and the best setting,
   * `"below"` if even the worst setting exceeds it, whose file then counts, and
   * `"above"` if no setting reaches it.
   */
  readonly reach: "below" | "within" | "above";
}

/**
 * Searches whole settings, assuming that a higher one never gives a worse image.
 * The next trial is where the last ones predict the target, or halfway between
 * them if that moved the same end of the interval twice.
 *
 * @param range The lowest and the highest setting, whole numbers.
 * @param at Tries a setting; it is called at most once per setting, and about 5
 * times for 100 settings on usual curves.
 * @param target PSNR in dB.
 * @returns The setting and the bytes at the target.
 *
 * @example
 * ```ts
 * import { leastBytes } from "./least_bytes.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * // Each setting adds 1 dB and a tenth of the bytes.
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
      // A little further, so that the target is between two trials.
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
    bytes: bytesBetween(below, reaches, target),
    reach: "within",
  };
}

interface Tried extends Trial {
  readonly quality: number;
}

/** Decibels per setting of usual codecs, before two trials are known. */
const USUAL_SLOPE = 0.2;

/** How much further than predicted a trial goes to pass the target. */
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

/**
 * Interpolates bytes between two files, linear in their logarithm over decibels.
 *
 * @param below A file that misses the target.
 * @param reaches A better file.
 * @param target PSNR in dB.
 * @returns Bytes at the target.
 */
export function bytesBetween(
  below: Trial,
  reaches: Trial,
  target: number,
): number {
  // A better file that is not larger needs no interpolation.
  if (reaches.bytes <= below.bytes) return reaches.bytes;
  const share = (target - below.psnrDb) / (reaches.psnrDb - below.psnrDb);
  return below.bytes * (reaches.bytes / below.bytes) ** share;
}
