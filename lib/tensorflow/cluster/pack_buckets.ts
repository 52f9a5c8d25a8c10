/**
 * Few large messages instead of many small ones.
 *
 * @module
 */

/**
 * Puts neighbours together until a bucket is full.
 *
 * @param sizes The size of each item.
 * @param capacity The size of a bucket; a larger item has one of its own.
 * @returns The indices of the items of each bucket, in order.
 *
 * @example
 * ```ts
 * import { packBuckets } from "./pack_buckets.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(packBuckets([3, 4, 9, 1], 8), [[0, 1], [2], [3]]);
 * ```
 */
export function packBuckets(
  sizes: readonly number[],
  capacity: number,
): number[][] {
  const buckets: number[][] = [];
  let room = -1;
  sizes.forEach((size, i) => {
    if (size > room || buckets.length === 0) {
      buckets.push([]);
      room = capacity;
    }
    buckets.at(-1)!.push(i);
    room -= size;
  });
  return buckets;
}
