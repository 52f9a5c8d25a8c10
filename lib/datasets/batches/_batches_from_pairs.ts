/**
 * A thread's batches of prepared pairs.
 *
 * @module
 */
import { imageBytes, type PairSize, viewPair } from "@/datasets/pairs/pairs.ts";
import type { MakeBatch, PairTask, WorkerRequest } from "./prefetch_worker.ts";
import { randomInteger, seededRandom } from "@/random/seeded_random.ts";
import { toUnit } from "./to_batch.ts";

/** A square of a pair, in pixels of the medium image. */
interface Window {
  readonly left: number;
  readonly top: number;
  readonly mirrored: boolean;
}

/** Converts pairs where they lie in shared memory. */
export function batchesFromPairs(task: PairTask): MakeBatch {
  const { bytes, highSize, sizes, windowSize } = task;
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
  const cut = (size: PairSize, { indices, step }: WorkerRequest) => {
    if (!sizes.includes(size)) return new Float32Array(0);
    const scale = size === "high" ? 2 : 1;
    const side = windowSize! / 2 * scale;
    const length = imageBytes(side);
    const batch = new Float32Array(indices.length * length);
    indices.forEach((index, i) => {
      const from = viewPair(bytes, highSize, size, index);
      const window = placeWindow(task, step, i);
      const into = batch.subarray(i * length, (i + 1) * length);
      cutWindow(from, highSize / 2 * scale, window, scale, side, into);
    });
    return batch;
  };
  const make = windowSize === undefined ? convert : cut;
  return (request) =>
    Promise.resolve({
      high: make("high", request),
      medium: make("medium", request),
    });
}

function placeWindow(
  { highSize, windowSize, seed }: PairTask,
  step: number,
  place: number,
): Window {
  const random = seededRandom(seed, "window", step, place);
  const most = (highSize - windowSize!) / 2;
  return {
    left: randomInteger(random, 0, most),
    top: randomInteger(random, 0, most),
    mirrored: random() < 0.5,
  };
}

function cutWindow(
  from: Uint8Array,
  width: number,
  { left, top, mirrored }: Window,
  scale: number,
  side: number,
  into: Float32Array,
): void {
  for (let y = 0; y < side; y++) {
    const start = ((top * scale + y) * width + left * scale) * 3;
    const row = into.subarray(y * side * 3, (y + 1) * side * 3);
    toUnit(from.subarray(start, start + side * 3), row);
    if (mirrored) mirrorRow(row, side);
  }
}

function mirrorRow(row: Float32Array, side: number): void {
  for (let a = 0, b = side - 1; a < b; a++, b--) {
    for (let c = 0; c < 3; c++) {
      const kept = row[a * 3 + c]!;
      row[a * 3 + c] = row[b * 3 + c]!;
      row[b * 3 + c] = kept;
    }
  }
}
