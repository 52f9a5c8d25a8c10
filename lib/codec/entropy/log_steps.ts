/**
 * Logarithms in whole numbers: the steps and scales of latents are stored as
 * binary logarithms in 1/48, with exact arithmetic on them.
 *
 * All products here are of whole numbers below 2⁵³ and of powers of two, which
 * 64-bit floating point numbers hold exactly, so encoder and decoder agree.
 *
 * @module
 */

/** The unit of logarithms: this many stand for a factor of 2. */
export const OCTAVE = 48;

/** `round(2 ** (14 + j / 48))`, written out: engines' powers may differ. */
// deno-fmt-ignore
const POWERS: readonly number[] = [
  16384, 16622, 16864, 17109, 17358, 17611, 17867, 18127,
  18390, 18658, 18929, 19205, 19484, 19767, 20055, 20347,
  20643, 20943, 21247, 21556, 21870, 22188, 22511, 22838,
  23170, 23507, 23849, 24196, 24548, 24905, 25268, 25635,
  26008, 26386, 26770, 27159, 27554, 27955, 28362, 28774,
  29193, 29618, 30048, 30485, 30929, 31379, 31835, 32298,
];

/**
 * `2 ** (log / 48)` to 15 binary digits.
 *
 * @param log A whole number in -1440..1440.
 * @returns The power.
 *
 * @example
 * ```ts
 * import { powerOf } from "./log_steps.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([powerOf(0), powerOf(48), powerOf(-96)], [1, 2, 0.25]);
 * ```
 */
export function powerOf(log: number): number {
  const octave = Math.floor(log / OCTAVE);
  return POWERS[log - octave * OCTAVE]! * 2 ** (octave - 14);
}
