/**
 * Numbers of a result as words of a sentence.
 *
 * @module
 */

/**
 * A whole number with its thousands apart.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { count } from "./mod.ts";
 *
 * assertEquals(count(14856), "14,856");
 * ```
 */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/**
 * How far a quality lies above or below another.
 *
 * @param decibels The difference.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { apart } from "./mod.ts";
 *
 * assertEquals(apart(1.568), "1.57 dB above");
 * assertEquals(apart(-5.37), "5.37 dB below");
 * ```
 */
export function apart(decibels: number): string {
  const side = decibels < 0 ? "below" : "above";
  return `${Math.abs(decibels).toFixed(2)} dB ${side}`;
}
