/**
 * A thread that makes batches; see `prefetch.ts`.
 *
 * The first message is the task, every other one asks for a batch. Batches are
 * made in the order in which they are asked for.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { imageBytes, type PairSize, viewPair } from "@/datasets/pairs/pairs.ts";
import { randomInteger, seededRandom } from "@/random/seeded_random.ts";
import { toUnit } from "./to_batch.ts";

/** What the thread makes batches from: prepared pairs in shared memory. */
export interface WorkerTask {
  /** All pairs, as in `SharedPairs`. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** The side of the high images in pixels. */
  readonly highSize: number;
  /** Which images are wanted. */
  readonly sizes: readonly PairSize[];
  /** The side of the window that is cut from each high image, if any. */
  readonly windowSize?: number | undefined;
  /** Decides the places of the windows. */
  readonly seed: number;
}

/** Asks for one batch. */
export interface WorkerRequest {
  /** Returned with the batch, and decides the places of the windows. */
  readonly step: number;
  /** The indices of the pairs. */
  readonly indices: readonly number[];
}

/** The thread's answer. */
export type WorkerReply = {
  /** As in the request. */
  readonly step: number;
  /** `[n, side, side, 3]`, 0..1; empty if not wanted. */
  readonly high: Float32Array<ArrayBuffer>;
  /** `[n, side / 2, side / 2, 3]`, 0..1; empty if not wanted. */
  readonly medium: Float32Array<ArrayBuffer>;
} | {
  /** Why the batch could not be made. */
  readonly error: string;
};

/** A square of a pair, in pixels of the medium image. */
interface Window {
  readonly left: number;
  readonly top: number;
  readonly mirrored: boolean;
}

let task: WorkerTask | undefined;

self.onmessage = ({ data }: MessageEvent<WorkerTask | WorkerRequest>) => {
  if ("bytes" in data) {
    task = data;
    return;
  }
  try {
    const high = makeBatch(task!, "high", data);
    const medium = makeBatch(task!, "medium", data);
    const reply: WorkerReply = { step: data.step, high, medium };
    self.postMessage(reply, [high.buffer, medium.buffer]);
  } catch (error) {
    const reply: WorkerReply = { error: (error as Error).message };
    self.postMessage(reply);
  }
};

function makeBatch(
  task: WorkerTask,
  size: PairSize,
  { step, indices }: WorkerRequest,
): Float32Array<ArrayBuffer> {
  const { bytes, highSize, sizes, windowSize } = task;
  if (!sizes.includes(size)) return new Float32Array(0);
  const scale = size === "high" ? 2 : 1; // pixels per pixel of the medium image
  const width = highSize / 2 * scale;
  const side = (windowSize ?? highSize) / 2 * scale;
  const length = imageBytes(side);
  const batch = new Float32Array(indices.length * length);
  indices.forEach((index, i) => {
    const from = viewPair(bytes, highSize, size, index);
    const into = batch.subarray(i * length, (i + 1) * length);
    if (windowSize === undefined) return toUnit(from, into);
    const { left, top, mirrored } = placeWindow(task, windowSize, step, i);
    for (let y = 0; y < side; y++) {
      const start = ((top * scale + y) * width + left * scale) * 3;
      const row = into.subarray(y * side * 3, (y + 1) * side * 3);
      toUnit(from.subarray(start, start + side * 3), row);
      if (mirrored) mirrorRow(row, side);
    }
  });
  return batch;
}

function placeWindow(
  { highSize, seed }: WorkerTask,
  windowSize: number,
  step: number,
  place: number,
): Window {
  const random = seededRandom(seed, "window", step, place);
  const most = (highSize - windowSize) / 2;
  return {
    left: randomInteger(random, 0, most),
    top: randomInteger(random, 0, most),
    mirrored: random() < 0.5,
  };
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
