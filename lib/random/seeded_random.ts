/**
 * Random numbers that depend on their seed and on nothing else.
 *
 * The generator is sfc32 (Chris Doty-Humphrey's Small Fast Counting generator,
 * PractRand), seeded by a 128-bit hash of the keys, so that streams of
 * neighbouring keys have nothing in common.
 *
 * @see https://pracrand.sourceforge.net/RNG_engines.txt
 * @module
 */

/** Returns the next number of a stream, in [0, 1). */
export type Random = () => number;

/**
 * Opens the stream of random numbers that belongs to some keys.
 *
 * @param keys What the numbers depend on, such as a seed and a counter.
 * @returns The stream; the same keys always give the same one.
 * @example
 * ```ts
 * import { seededRandom } from "./seeded_random.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * assertEquals(seededRandom(7, "a")(), seededRandom(7, "a")());
 * assert(seededRandom(7, "a")() !== seededRandom(7, "b")());
 * ```
 */
export function seededRandom(...keys: readonly (number | string)[]): Random {
  let [a, b, c, d] = hash128(keys.join("\0"));
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/**
 * Draws a whole number from a stream, each with the same probability.
 *
 * @param random The stream.
 * @param from The minimum.
 * @param to The maximum.
 * @returns A number in `from..to`, both included.
 * @example
 * ```ts
 * import { randomInteger, seededRandom } from "./seeded_random.ts";
 * import { assert } from "@std/assert";
 *
 * const die = randomInteger(seededRandom(1), 1, 6);
 * assert(die >= 1 && die <= 6);
 * ```
 */
export function randomInteger(
  random: Random,
  from: number,
  to: number,
): number {
  return from + Math.floor(random() * (to - from + 1));
}

/**
 * Draws normally distributed numbers of mean 0 and standard deviation 1 from a
 * stream (Box and Muller).
 *
 * @param random The stream.
 * @param count How many.
 * @returns The numbers.
 * @example
 * ```ts
 * import { normalNumbers, seededRandom } from "./seeded_random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(normalNumbers(seededRandom(1), 5).length, 5);
 * ```
 */
export function normalNumbers(random: Random, count: number): Float32Array {
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    numbers[i] = radius * Math.cos(angle);
    if (i + 1 < count) numbers[i + 1] = radius * Math.sin(angle);
  }
  return numbers;
}

/**
 * Puts items into a random order (Fisher and Yates, in Durstenfeld's form).
 *
 * @param items The items; they are not changed.
 * @param random The stream that decides the order.
 * @returns The same items in a new array.
 * @example
 * ```ts
 * import { seededRandom, shuffle } from "./seeded_random.ts";
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

/** Four FNV-1a hashes with different starts, each finished as in MurmurHash3. */
function hash128(text: string): [number, number, number, number] {
  const bytes = new TextEncoder().encode(text);
  return [0x811c9dc5, 0x9e3779b9, 0x243f6a88, 0xb7e15162].map((start) => {
    let h = start;
    for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return h ^ (h >>> 16);
  }) as [number, number, number, number];
}
