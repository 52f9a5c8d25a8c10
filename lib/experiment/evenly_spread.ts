/**
 * A few of many.
 *
 * @module
 */

/**
 * Chooses items at even distances, the first one among them.
 *
 * @param items What there is.
 * @param most How many are wanted; all are chosen if there are no more.
 *
 * @example
 * ```ts
 * import { evenlySpread } from "./evenly_spread.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(evenlySpread(["a", "b", "c", "d", "e"], 2), ["a", "c"]);
 * assertEquals(evenlySpread(["a"], 2), ["a"]);
 * ```
 */
export function evenlySpread<Item>(
  items: readonly Item[],
  most: number,
): Item[] {
  const count = Math.min(most, items.length);
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor(i * items.length / count)]!,
  );
}
