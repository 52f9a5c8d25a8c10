/**
 * The order in which training uses pairs.
 *
 * @module
 */
import { requireWhole } from "@/errors/invalid.ts";
import { seededRandom, shuffle } from "@/random/seeded_random.ts";

/**
 * The batches of one epoch: every index at most once, in a random order that
 * depends only on the arguments, so a run can be resumed at any step as if it
 * had not been stopped.
 *
 * All batches are full, since a network is compiled for one batch size. Indices
 * that do not fill a batch are skipped in this epoch; each epoch skips others.
 * If there are fewer indices than a batch needs, they make one short batch.
 *
 * @param count Number of pairs, at least 1.
 * @param batchSize Number of pairs in a batch, at least 1.
 * @param seed Decides the order, together with the epoch.
 * @param epoch Number of the epoch, from 1.
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
  requireWhole("count", count, 1);
  requireWhole("batchSize", batchSize, 1);
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
