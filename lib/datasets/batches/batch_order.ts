/**
 * In which order pairs are learned from.
 *
 * @module
 */
import { seededRandom } from "@/random/seeded_random.ts";
import { shuffle } from "@/random/shuffle.ts";

/**
 * The batches of one epoch: every index at most once, in a random order that
 * depends only on the arguments, so a run can go on from any step exactly as if
 * it had not been stopped.
 *
 * All batches are full, since a network compiled for one batch size takes no
 * other: what does not fill a batch is left out of this epoch, other indices in
 * each. Fewer indices than a batch give one short batch.
 *
 * @param count How many pairs there are.
 * @param batchSize Pairs in a batch.
 * @param seed Decides the order, together with the epoch.
 * @param epoch Counted from 1.
 * @returns `floor(count / batchSize)` batches of indices in `0..count - 1`.
 * @throws {RangeError} If the count or batch size is not a whole number of at
 * least 1.
 * @example
 * ```ts
 * import { batchOrder } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const batches = batchOrder(800, 16, 1, 1);
 * assertEquals(batches.length, 50);
 * assertEquals(new Set(batches.flat()).size, 800);
 * ```
 */
export function batchOrder(
  count: number,
  batchSize: number,
  seed: number,
  epoch: number,
): number[][] {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`Batches need at least 1 pair, not ${count}`);
  }
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new RangeError(`Batch size must be at least 1, not ${batchSize}`);
  }
  const order = shuffle(
    Array.from({ length: count }, (_, i) => i),
    seededRandom(seed, "epoch", epoch),
  );
  const batches = Math.max(1, Math.floor(count / batchSize));
  return Array.from(
    { length: batches },
    (_, i) => order.slice(i * batchSize, (i + 1) * batchSize),
  );
}
