/**
 * Batches made by worker threads while the main thread trains.
 *
 *     main     step 1      | step 2      | step 3      | …
 *     worker 0 batch 1 | batch 3 | batch 5 | waits until step 2 takes one
 *     worker 1 batch 2 | batch 4 | batch 6 |
 *
 * What is in a batch depends on the seed and the step alone, never on timing,
 * so a run can be resumed at any step. Work is handed to the threads ahead of
 * time: they go on while a training step blocks the main thread. Finished
 * batches are moved to it, not copied.
 *
 * @module
 */
import { batchOrder } from "./batch_order.ts";
import { DatasetError } from "@/datasets/dataset_error.ts";
import {
  type Pairs,
  type PairSize,
  SharedPairs,
} from "@/datasets/pairs/pairs.ts";
import type { Photo } from "@/datasets/photos/photo_set.ts";
import type { WorkerReply, WorkerTask } from "./prefetch_worker.ts";

/** Whole photos, of which every epoch sees other random crops. */
export interface PhotoSource {
  /** The photos; each must be at least `highSize` on its shorter side. */
  readonly photos: readonly Photo[];
  /** The side of the high images, even. */
  readonly highSize: number;
}

/** A part of every batch, where several machines share them. */
export interface BatchShare {
  /** Which part, `0..count - 1`. */
  readonly index: number;
  /** How many equal parts there are. */
  readonly count: number;
}

/** How {@linkcode prefetchBatches} works. */
export interface PrefetchOptions {
  /** Images in a batch, of all machines together. */
  readonly batchSize: number;
  /** The part of each batch that this machine takes; all by default. */
  readonly share?: BatchShare;
  /** Decides the order, and the crops of a {@linkcode PhotoSource}. */
  readonly seed: number;
  /** Which images of each pair are wanted; both by default. */
  readonly sizes?: readonly PairSize[];
  /**
   * Of each pair a random square, this wide in the high image and half as wide
   * in the medium one, and mirrored at random; even. Whole pairs by default;
   * photos are cut by `highSize` alone.
   */
  readonly windowSize?: number;
  /** The step to start at, counted from 1; 1 by default. */
  readonly firstStep?: number;
  /** The last step; without it there is no end. */
  readonly lastStep?: number;
  /** Threads; one core is left free by default, and 4 are the most. */
  readonly workers?: number;
  /** Batches that may be made before they are asked for; 4 by default. */
  readonly ahead?: number;
  /** Stops the batches with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The input of one training step. */
export interface Batch {
  /** Counted from 1 over the whole run. */
  readonly step: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** Which pairs or photos these are. */
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
 * Gives one batch after the other, in the order of {@linkcode batchOrder}.
 *
 * The threads end when the loop over the batches does, in whatever way.
 *
 * @param source Prepared pairs, or whole photos to cut anew in every epoch.
 * @param options Batch size, seed and more.
 * @returns Batches from `firstStep` on.
 * @throws {DatasetError} If a photo cannot be used; it is named. If a batch has
 * no equal parts.
 * @throws {RangeError} If an option makes no sense.
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
  source: Pairs | PhotoSource,
  options: PrefetchOptions,
): AsyncGenerator<Batch, void, void> {
  const { firstStep = 1, lastStep = Infinity, ahead = 4, signal } = options;
  requireWhole("firstStep", firstStep);
  requireWhole("ahead", ahead);
  signal?.throwIfAborted();
  const plan = planSteps(source, options);
  const pool = new Pool(
    describe(source, options),
    options.workers ??
      Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)),
    signal,
  );
  try {
    let asked = firstStep;
    for (let step = firstStep; step <= lastStep; step++) {
      for (; asked <= lastStep && asked < step + ahead; asked++) {
        pool.ask(asked, plan(asked));
      }
      const { high, medium } = await pool.take(step);
      yield { step, ...plan(step), high, medium };
    }
  } finally {
    pool.end();
  }
}

/** What one step takes. */
interface StepPlan {
  readonly epoch: number;
  readonly indices: readonly number[];
}

function planSteps(
  source: Pairs | PhotoSource,
  { batchSize, seed, share = { index: 0, count: 1 } }: PrefetchOptions,
): (step: number) => StepPlan {
  const count = "photos" in source ? source.photos.length : source.count;
  const first = batchOrder(count, batchSize, seed, 1);
  const perEpoch = first.length;
  const own = first[0]!.length / share.count;
  if (!Number.isInteger(own)) {
    throw new DatasetError(
      `A batch of ${
        first[0]!.length
      } images cannot be shared evenly by ${share.count} machines`,
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

function describe(
  source: Pairs | PhotoSource,
  { sizes = ["high", "medium"], seed, windowSize }: PrefetchOptions,
): WorkerTask {
  if ("photos" in source) {
    const photos = source.photos.map(({ path, sha256 }) => ({ path, sha256 }));
    const { highSize } = source;
    return { kind: "photos", photos, highSize, sizes, seed };
  }
  const { bytes, highSize } = source instanceof SharedPairs
    ? source
    : share(source);
  if (windowSize === undefined) {
    return { kind: "pairs", bytes, highSize, sizes, seed };
  }
  if (windowSize < 2 || windowSize > highSize || windowSize % 2 !== 0) {
    throw new RangeError(
      `windowSize must be even and within 2..${highSize}, but it is ${windowSize}`,
    );
  }
  return { kind: "pairs", bytes, highSize, sizes, seed, windowSize };
}

function share(pairs: Pairs): SharedPairs {
  const images = Array.from({ length: pairs.count }, (_, i) => ({
    high: pairs.high(i),
    medium: pairs.medium(i),
  }));
  return SharedPairs.from(pairs.split, pairs.highSize, pairs.names, images);
}

type Made = Pick<Batch, "high" | "medium">;

/** The threads, and the batches that are on their way. */
class Pool {
  readonly #workers: Worker[];
  readonly #pending: Map<number, PromiseWithResolvers<Made>> = new Map();
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  #failure: { reason: unknown } | undefined;

  constructor(
    task: WorkerTask,
    count: number,
    signal: AbortSignal | undefined,
  ) {
    requireWhole("workers", count);
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
      this.#fail(new DatasetError(`A batch thread ended: ${event.message}`));
    };
    worker.postMessage(task);
    return worker;
  }

  ask(step: number, { epoch, indices }: StepPlan): void {
    const promise = Promise.withResolvers<Made>();
    promise.promise.catch(() => {}); // told by take, or no longer wanted
    this.#pending.set(step, promise);
    if (this.#failure !== undefined) promise.reject(this.#failure.reason);
    const worker = this.#workers[step % this.#workers.length];
    worker?.postMessage({ step, epoch, indices });
  }

  async take(step: number): Promise<Made> {
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

  end(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    for (const worker of this.#workers) worker.terminate();
  }
}

function requireWhole(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(
      `${name} must be a whole number of at least 1, but it is ${value}`,
    );
  }
}
