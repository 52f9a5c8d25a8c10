/**
 * Batches made by worker threads while the main thread trains.
 *
 *     main     step 1      | step 2      | step 3      | …
 *     worker 0 batch 1 | batch 3 | batch 5 | waits until step 2 takes one
 *     worker 1 batch 2 | batch 4 | batch 6 |
 *
 * The content of a batch depends on the seed and the step alone, never on
 * timing, so a run can be resumed at any step. The threads get their work ahead
 * of time, so they keep working while a training step blocks the main thread.
 * Finished batches are moved to it, not copied.
 *
 * @module
 */
import {
  type Pairs,
  type PairSize,
  SharedPairs,
} from "@/datasets/pairs/pairs.ts";
import { DatasetError } from "@/datasets/photos/dataset_error.ts";
import { invalid, requireWhole } from "@/errors/invalid.ts";
import { batchOrder } from "./batch_order.ts";
import type { WorkerReply, WorkerTask } from "./prefetch_worker.ts";

/** The part of every batch that one of several machines takes. */
export interface BatchShare {
  /** Which part, `0..count - 1`. */
  readonly index: number;
  /** Number of equal parts. */
  readonly count: number;
}

/** Choices of {@linkcode prefetchBatches}. */
export interface PrefetchOptions {
  /** Number of images in a batch, of all machines together. */
  readonly batchSize: number;
  /** The part of each batch that this machine takes; all by default. */
  readonly share?: BatchShare;
  /** Decides the order and the windows. */
  readonly seed: number;
  /** Which images of each pair are wanted; both by default. */
  readonly sizes?: readonly PairSize[];
  /**
   * The side of a random square that is cut from each high image, with its half
   * from the medium one, and mirrored at random; even. Whole pairs by default.
   */
  readonly windowSize?: number;
  /** The first step, from 1; 1 by default. */
  readonly firstStep?: number;
  /** The last step; endless by default. */
  readonly lastStep?: number;
  /** Number of threads; one per core but one by default, and at most 4. */
  readonly workers?: number;
  /** Number of batches that are made ahead of time; 4 by default. */
  readonly ahead?: number;
  /** Stops the batches with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The input of one training step. */
export interface Batch {
  /** Number of the step, from 1 over the whole run. */
  readonly step: number;
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** The indices of the pairs. */
  readonly indices: readonly number[];
  /**
   * `[n, side, side, 3]`, 0..1; empty if not wanted. The side is the high
   * images', or the window's.
   */
  readonly high: Float32Array;
  /** `[n, side / 2, side / 2, 3]`, 0..1; empty if not wanted. */
  readonly medium: Float32Array;
}

/**
 * Yields one batch after the other, in the order of {@linkcode batchOrder}. The
 * threads end with the loop over the batches.
 *
 * @param pairs Prepared pairs.
 * @param options Batch size, seed and more.
 * @returns The batches from `firstStep` to `lastStep`.
 * @throws {DatasetError} If a thread fails, or a batch cannot be shared evenly.
 * @throws {RangeError} If an option is invalid.
 * @example
 * ```ts
 * import { prefetchBatches, SharedPairs } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pairs = SharedPairs.from("train", 2, ["dot"], [
 *   { high: new Uint8Array(12), medium: new Uint8Array([0, 51, 255]) },
 * ]);
 * const options = { batchSize: 1, seed: 1, lastStep: 2 };
 * for await (const { medium } of prefetchBatches(pairs, options)) {
 *   assertEquals(medium, new Float32Array([0, 0.2, 1]));
 * }
 * ```
 */
export async function* prefetchBatches(
  pairs: Pairs,
  options: PrefetchOptions,
): AsyncGenerator<Batch, void, void> {
  const { firstStep = 1, lastStep = Infinity, ahead = 4, signal } = options;
  requireWhole("firstStep", firstStep, 1);
  requireWhole("ahead", ahead, 1);
  signal?.throwIfAborted();
  const plan = planSteps(pairs.count, options);
  const workers = options.workers ??
    Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1));
  using pool = new Pool(taskOf(pairs, options), workers, signal);
  let asked = firstStep;
  for (let step = firstStep; step <= lastStep; step++) {
    for (; asked <= lastStep && asked < step + ahead; asked++) {
      pool.ask(asked, plan(asked));
    }
    const { high, medium } = await pool.take(step);
    yield { step, ...plan(step), high, medium };
  }
}

/** The input of one step. */
interface StepPlan {
  readonly epoch: number;
  readonly indices: readonly number[];
}

function planSteps(
  count: number,
  { batchSize, seed, share = { index: 0, count: 1 } }: PrefetchOptions,
): (step: number) => StepPlan {
  const first = batchOrder(count, batchSize, seed, 1);
  const perEpoch = first.length;
  const images = first[0]!.length;
  const own = images / share.count;
  if (!Number.isInteger(own)) {
    throw new DatasetError(
      `${share.count} machines cannot share a batch of ${images} images evenly.`,
    );
  }
  const epochs = new Map<number, number[][]>();
  return (step) => {
    const epoch = Math.floor((step - 1) / perEpoch) + 1;
    let batches = epochs.get(epoch);
    if (batches === undefined) {
      for (const old of epochs.keys()) if (old < epoch - 1) epochs.delete(old);
      batches = batchOrder(count, batchSize, seed, epoch);
      epochs.set(epoch, batches);
    }
    const indices = batches[(step - 1) % perEpoch] ?? [];
    return {
      epoch,
      indices: indices.slice(share.index * own, (share.index + 1) * own),
    };
  };
}

function taskOf(
  pairs: Pairs,
  { sizes = ["high", "medium"], seed, windowSize }: PrefetchOptions,
): WorkerTask {
  const { bytes, highSize } = pairs instanceof SharedPairs
    ? pairs
    : share(pairs);
  const isValid = windowSize === undefined ||
    (windowSize >= 2 && windowSize <= highSize && windowSize % 2 === 0);
  if (!isValid) {
    throw invalid("windowSize", `even and in 2..${highSize}`, windowSize);
  }
  return { bytes, highSize, sizes, seed, windowSize };
}

function share(pairs: Pairs): SharedPairs {
  const images = Array.from({ length: pairs.count }, (_, i) => ({
    high: pairs.high(i),
    medium: pairs.medium(i),
  }));
  return SharedPairs.from(pairs.split, pairs.highSize, pairs.names, images);
}

type Images = Pick<Batch, "high" | "medium">;

/** The threads, and the batches that they are making. */
class Pool {
  readonly #workers: Worker[];
  readonly #pending: Map<number, PromiseWithResolvers<Images>> = new Map();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  #failure: { reason: unknown } | undefined;

  constructor(
    task: WorkerTask,
    count: number,
    signal: AbortSignal | undefined,
  ) {
    requireWhole("workers", count, 1);
    this.#signal = signal;
    this.#onAbort = () => this.#fail(signal?.reason);
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#workers = Array.from({ length: count }, () => this.#start(task));
  }

  #start(task: WorkerTask): Worker {
    const url = new URL("./prefetch_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
      if ("error" in data) this.#fail(new DatasetError(data.error));
      else this.#pending.get(data.step)?.resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new DatasetError(`A batch thread failed: ${event.message}`));
    };
    worker.postMessage(task);
    return worker;
  }

  ask(step: number, { indices }: StepPlan): void {
    const promise = Promise.withResolvers<Images>();
    promise.promise.catch(() => {}); // reported by take, or no longer wanted
    this.#pending.set(step, promise);
    if (this.#failure !== undefined) promise.reject(this.#failure.reason);
    const worker = this.#workers[step % this.#workers.length];
    worker?.postMessage({ step, indices });
  }

  async take(step: number): Promise<Images> {
    try {
      const made = await this.#pending.get(step)?.promise;
      if (this.#failure !== undefined) throw this.#failure.reason;
      return made!;
    } finally {
      this.#pending.delete(step);
    }
  }

  #fail(reason: unknown): void {
    this.#failure ??= { reason };
    for (const { reject } of this.#pending.values()) reject(reason);
  }

  [Symbol.dispose](): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    for (const worker of this.#workers) worker.terminate();
  }
}
