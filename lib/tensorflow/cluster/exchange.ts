/**
 * Numbers that workers exchange between steps. Unlike the ops of a step, this
 * waits without blocking for as long as the others are alive: one of them may
 * still be preparing its photos.
 *
 * @module
 */

import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { EagerOp } from "@/tensorflow/ffi/eager_op.ts";
import {
  addHandle,
  deleteHandle,
  getHandle,
  newHandle,
  readHandle,
} from "@/tensorflow/ffi/handles.ts";
import { library } from "@/tensorflow/ffi/library.ts";
import { runtime } from "@/tensorflow/ffi/runtime.ts";
import { cString } from "@/tensorflow/ffi/status.ts";
import {
  type Cluster,
  currentCluster,
  taskName,
  unhealthyPeers,
} from "./cluster.ts";
import {
  GROUP_KEYS,
  newInstanceKey,
  REDUCE,
  reduceAttributes,
} from "./collective.ts";
import { explainLoss } from "./lost_worker.ts";

/** Milliseconds between checks of the other workers, and for an answer. */
const CHECK = 3000;
/** Milliseconds after which `onWait` is called. */
const WAIT = 1500;
/** `TF_UNAVAILABLE` */
const UNAVAILABLE = 14;

/** Options of {@linkcode sumOverWorkers}. */
export interface ExchangeOptions {
  /** Called once if this worker has to wait for the others. */
  readonly onWait?: () => void;
}

/**
 * Adds up numbers over all workers, each of which calls it with equally many.
 *
 * @param values Numbers, with the precision of float32.
 * @param options What to do while it waits.
 * @returns The sums; in a process that works alone, the numbers themselves.
 * @throws {ClusterError} Within 20 s if a worker ended or does not answer.
 *
 * @example
 * ```ts
 * import { sumOverWorkers } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * // In a process that works alone:
 * assertEquals(await sumOverWorkers([1, 2]), [1, 2]);
 * ```
 */
export async function sumOverWorkers(
  values: readonly number[],
  options: ExchangeOptions = {},
): Promise<number[]> {
  const cluster = currentCluster();
  if (cluster === undefined) return [...values];
  try {
    return await exchange(cluster, values, options);
  } catch (error) {
    throw await explainLoss(error);
  }
}

/**
 * Collects the numbers of all workers, each of which calls it with equally
 * many; see {@linkcode sumOverWorkers}.
 *
 * @param values Numbers, with the precision of float32.
 * @param options What to do while it waits.
 * @returns One list per worker, by rank.
 * @throws {ClusterError} Within 20 s if a worker ended or does not answer.
 */
export async function gatherFromWorkers(
  values: readonly number[],
  options: ExchangeOptions = {},
): Promise<number[][]> {
  const { rank, workers } = currentCluster() ?? { rank: 0, workers: [""] };
  const { length } = values;
  // Each worker adds zeros in the places of the others.
  const all = new Array<number>(length * workers.length).fill(0);
  all.splice(rank * length, length, ...values);
  const sums = await sumOverWorkers(all, options);
  return workers.map((_, i) => sums.slice(i * length, (i + 1) * length));
}

const keys = new Map<number, number>();

async function exchange(
  cluster: Cluster,
  values: readonly number[],
  { onWait }: ExchangeOptions,
): Promise<number[]> {
  const key = keys.get(values.length) ?? newInstanceKey();
  keys.set(values.length, key);
  const { FLOAT, INT32 } = DataType;
  using tensors = new DisposableStack();
  using op = new EagerOp(REDUCE);
  // On the CPU: a few numbers are not worth a GPU.
  op.on(`${taskName(cluster.rank)}/device:CPU:0`);
  const add = (id: number) => {
    tensors.adopt(id, deleteHandle);
    op.input(getHandle(id).pointer);
  };
  add(newHandle([values.length], FLOAT, Float32Array.from(values)));
  for (const value of [cluster.workers.length, GROUP_KEYS.exchange, key]) {
    add(newHandle([], INT32, Int32Array.of(value)));
  }
  for (const attribute of reduceAttributes(false, 0)) op.set(attribute);
  using _watch = new Watch(cluster, onWait);
  const { id } = addHandle(await op.runInBackground());
  tensors.adopt(id, deleteHandle);
  return Array.from(readHandle(getHandle(id)) as Float32Array);
}

/** Checks the others while an exchange waits, and aborts it if one is lost. */
class Watch implements Disposable {
  readonly #cluster: Cluster;
  readonly #waiting: ReturnType<typeof setTimeout>;
  #checking: ReturnType<typeof setTimeout> | undefined;
  #missed: readonly number[] = [];
  #stopped = false;

  constructor(cluster: Cluster, onWait?: () => void) {
    this.#cluster = cluster;
    this.#waiting = setTimeout(() => onWait?.(), WAIT);
    this.#next();
  }

  #next(): void {
    this.#checking = setTimeout(() => this.#check(), CHECK);
  }

  async #check(): Promise<void> {
    const missing = await unhealthyPeers(this.#cluster, CHECK);
    if (this.#stopped) return;
    // A single missed answer may be chance.
    if (missing.some((rank) => this.#missed.includes(rank))) return abort();
    this.#missed = missing;
    if (missing.length > 0) await this.#check();
    else this.#next();
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    clearTimeout(this.#waiting);
    clearTimeout(this.#checking);
  }
}

/** Ends all exchanges of this process with an error. */
function abort(): void {
  const reason = library.TF_NewStatus();
  library.TF_SetStatus(
    reason,
    UNAVAILABLE,
    cString("A worker of the collective does not answer."),
  );
  library.TFE_AbortCollectiveOps(runtime.context, reason);
  library.TF_DeleteStatus(reason);
}

/**
 * Waits until all workers are done: one that ended at once would take its part
 * of the last exchange with it, before the others have it. A worker that has
 * already ended is not an error here.
 */
export async function leaveCluster(): Promise<void> {
  await sumOverWorkers([0]).catch(() => {});
}
