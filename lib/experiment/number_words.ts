/**
 * Numbers of a result as words of a sentence.
 *
 * @module
 */

import { numberText } from "@/charts/number_text.ts";

/**
 * Formats a number rounded to an integer, with commas between thousands.
 *
 * @param value Any finite number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { count } from "@/experiment/number_words.ts";
 *
 * assertEquals(count(14856), "14,856");
 * ```
 */
export function count(value: number): string {
  return numberText(value, 0);
}

/**
 * Says how many of something there are.
 *
 * @param number How many.
 * @param noun Its name in the singular, whose plural ends with an s.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { countOf } from "@/experiment/number_words.ts";
 *
 * assertEquals(countOf(1, "seed"), "1 seed");
 * assertEquals(countOf(3, "seed"), "3 seeds");
 * ```
 */
export function countOf(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * Formats a level in decibels.
 *
 * @param value In dB.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decibels } from "@/experiment/number_words.ts";
 *
 * assertEquals(decibels(24.318), "24.32 dB");
 * ```
 */
export function decibels(value: number): string {
  return `${numberText(value, 2)} dB`;
}

/** Whether a difference in dB is lost when two digits are printed. */
const isLevel = (difference: number) => Math.abs(difference) < 0.005;

/**
 * Says how far a quality is above or below another, whose name comes next.
 *
 * @param difference In dB, positive when it is above.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { apart } from "@/experiment/number_words.ts";
 *
 * assertEquals(apart(1.568), "1.57 dB above");
 * assertEquals(apart(-5.37), "5.37 dB below");
 * assertEquals(apart(-0.004), "as good as");
 * ```
 */
export function apart(difference: number): string {
  if (isLevel(difference)) return "as good as";
  const side = difference < 0 ? "below" : "above";
  return `${decibels(Math.abs(difference))} ${side}`;
}

/**
 * Says how many decibels something costs.
 *
 * @param loss In dB, at least 0 but for noise.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cost } from "@/experiment/number_words.ts";
 *
 * assertEquals(cost(0.021), "0.02 dB");
 * assertEquals(cost(0.0004), "less than 0.01 dB");
 * ```
 */
export function cost(loss: number): string {
  return isLevel(loss) ? "less than 0.01 dB" : decibels(loss);
}

/**
 * Formats a share as a percentage.
 *
 * @param share 1 for all.
 * @param digits Digits after the decimal point.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { percent } from "@/experiment/number_words.ts";
 *
 * assertEquals(percent(0.8125), "81 %");
 * ```
 */
export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/**
 * Says how two amounts differ.
 *
 * @param share Of the amount that is compared with; negative for less.
 * @param less The word for less.
 * @param digits Digits after the decimal point.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { moreOr } from "@/experiment/number_words.ts";
 *
 * assertEquals(moreOr(0.125, "less", 1), "12.5 % more");
 * assertEquals(moreOr(-0.04, "fewer"), "4 % fewer");
 * ```
 */
export function moreOr(
  share: number,
  less: "less" | "fewer",
  digits = 0,
): string {
  return `${percent(Math.abs(share), digits)} ${share < 0 ? less : "more"}`;
}

/**
 * Writes the first letter as a capital.
 *
 * @param text At least one letter.
 */
export function capitalized(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
