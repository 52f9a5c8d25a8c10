/**
 * A thread's batches of prepared pairs.
 *
 * @module
 */
import { imageBytes, type PairSize, viewPair } from "./pairs.ts";
import type { MakeBatch, PairTask, WorkerRequest } from "./prefetch_worker.ts";
import { toUnit } from "./to_batch.ts";

/** Converts pairs where they lie in shared memory. */
export function batchesFromPairs(task: PairTask): MakeBatch {
  const { bytes, highSize, sizes } = task;
  const convert = (size: PairSize, { indices }: WorkerRequest) => {
    if (!sizes.includes(size)) return new Float32Array(0);
    const length = imageBytes(size === "high" ? highSize : highSize / 2);
    const batch = new Float32Array(indices.length * length);
    indices.forEach((index, i) =>
      toUnit(
        viewPair(bytes, highSize, size, index),
        batch.subarray(i * length, (i + 1) * length),
      )
    );
    return batch;
  };
  return (request) =>
    Promise.resolve({
      high: convert("high", request),
      medium: convert("medium", request),
    });
}
