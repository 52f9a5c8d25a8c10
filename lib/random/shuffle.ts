/**
 * Random order (Fisher and Yates, in Durstenfeld's form).
 *
 * @module
 */
import { type Random, randomInteger } from "./seeded_random.ts";

/**
 * Puts items into a random order.
 *
 * @param items Left as they are.
 * @param random Decides.
 * @returns The same items in a new array.
 * @example
 * ```ts
 * import { seededRandom } from "@/datasets/mod.ts";
 * import { shuffle } from "./shuffle.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const order = shuffle([1, 2, 3, 4], seededRandom(1));
 * assertEquals(order.toSorted(), [1, 2, 3, 4]);
 * ```
 */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = randomInteger(random, 0, i);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
