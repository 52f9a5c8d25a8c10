/**
 * A thread that makes batches; see `prefetch.ts`.
 *
 * The first message is the task, every other one asks for a batch. Batches are
 * made in the order in which they are asked for.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import type { PairSize } from "@/datasets/pairs/pairs.ts";

/** What the thread makes batches from. */
export type WorkerTask = PairTask | PhotoTask;

/** Prepared pairs in shared memory. */
export interface PairTask {
  /** Tells the tasks apart. */
  readonly kind: "pairs";
  /** As in `SharedPairs`. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** The side of the high images. */
  readonly highSize: number;
  /** Which images are wanted. */
  readonly sizes: readonly PairSize[];
  /** The side of the part of each high image that is taken; all by default. */
  readonly windowSize?: number;
  /** Decides the parts. */
  readonly seed: number;
}

/** Photos to decode and crop. */
export interface PhotoTask {
  /** Tells the tasks apart. */
  readonly kind: "photos";
  /** Where the photos lie. */
  readonly photos: readonly { path: string; sha256: string }[];
  /** The side of the high images. */
  readonly highSize: number;
  /** Which images are wanted. */
  readonly sizes: readonly PairSize[];
  /** Decides the crops. */
  readonly seed: number;
}

/** Asks for one batch. */
export interface WorkerRequest {
  /** Comes back with the batch, and decides the parts of pairs. */
  readonly step: number;
  /** Decides the crops of photos. */
  readonly epoch: number;
  /** Which pairs or photos. */
  readonly indices: readonly number[];
}

/** What the thread makes of a request. */
export interface WorkerBatch {
  /** `[n, highSize, highSize, 3]`, 0..1; empty if not wanted. */
  readonly high: Float32Array<ArrayBuffer>;
  /** `[n, mediumSize, mediumSize, 3]`, 0..1; empty if not wanted. */
  readonly medium: Float32Array<ArrayBuffer>;
}

/** What the thread answers. */
export type WorkerReply = WorkerBatch & { readonly step: number } | {
  /** Why the batch could not be made. */
  readonly error: string;
};

/** Makes one batch. */
export type MakeBatch = (request: WorkerRequest) => Promise<WorkerBatch>;

async function maker(task: WorkerTask): Promise<MakeBatch> {
  // Imported on demand: pairs need no image library.
  if (task.kind === "pairs") {
    const { batchesFromPairs } = await import("./_batches_from_pairs.ts");
    return batchesFromPairs(task);
  }
  const { batchesFromPhotos } = await import("./_batches_from_photos.ts");
  return batchesFromPhotos(task);
}

let make: Promise<MakeBatch> | undefined;
let queue: Promise<void> = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<WorkerTask | WorkerRequest>) => {
  if ("kind" in data) {
    make = maker(data);
    return;
  }
  queue = queue.then(() => answer(data)).catch((error: Error) => {
    self.postMessage({ error: error.message } satisfies WorkerReply);
  });
};

async function answer(request: WorkerRequest): Promise<void> {
  const { high, medium } = await (await make!)(request);
  self.postMessage(
    { step: request.step, high, medium } satisfies WorkerReply,
    [high.buffer, medium.buffer],
  );
}
