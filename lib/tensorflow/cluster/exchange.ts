/**
 * Numbers that workers tell each other between steps. Unlike the ops of a step
 * this waits without blocking, for as long as the others live: one of them may
 * still prepare its photos.
 *
 * @module
 */

import { setEagerAttribute } from "@/tensorflow/ffi/attributes.ts";
import { context } from "@/tensorflow/ffi/runtime.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { library } from "@/tensorflow/ffi/library.ts";
import { check, cString, status } from "@/tensorflow/ffi/status.ts";
import {
  addHandle,
  deleteHandle,
  getHandle,
  newHandle,
  readHandle,
} from "@/tensorflow/ffi/tensors.ts";
import { type Cluster, currentCluster } from "./cluster.ts";
import {
  GROUP_KEYS,
  newInstanceKey,
  REDUCE,
  reduceAttributes,
} from "./collective.ts";
import { explainLoss } from "./lost_worker.ts";
import { unhealthyPeers } from "./peer_health.ts";
import { taskName } from "./server_def.ts";

/** Milliseconds between looks at whether the others live, and for an answer. */
const LOOK = 3000;
/** Milliseconds after which somebody is told that we wait. */
const TELL = 1500;
/** `TF_UNAVAILABLE` */
const UNAVAILABLE = 14;

/** Options of {@linkcode sumOverWorkers}. */
export interface ExchangeOptions {
  /** Told once when the others let this worker wait. */
  readonly onWait?: () => void;
}

/**
 * The sums of some numbers over all workers, each of which calls it with as
 * many. In a process that works alone these are the numbers themselves.
 *
 * @param values Numbers, with the precision of float32.
 * @throws {ClusterError} When a worker ended or does not answer, within 20 s.
 *
 * @example
 * ```ts
 * import { sumOverWorkers } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * // In a process that works alone.
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
 * The numbers of each worker, by rank; see {@linkcode sumOverWorkers}.
 *
 * @returns One list for each worker.
 */
export async function gatherFromWorkers(
  values: readonly number[],
  options: ExchangeOptions = {},
): Promise<number[][]> {
  const { rank, workers } = currentCluster() ?? { rank: 0, workers: [""] };
  const { length } = values;
  // Each adds zeros to the places of the others.
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
  const inputs = [
    newHandle([values.length], FLOAT, Float32Array.from(values)),
    ...[cluster.workers.length, GROUP_KEYS.exchange, key].map((value) =>
      newHandle([], INT32, Int32Array.of(value))
    ),
  ];
  const reported = library.TF_NewStatus();
  const op = makeOp(cluster, inputs);
  const room = new BigUint64Array(1), count = Int32Array.of(1);
  const watch = new Watch(cluster, onWait);
  try {
    await library.TFE_ExecuteInBackground(op, room, count, reported);
    check(REDUCE, reported);
  } finally {
    watch.stop();
    library.TFE_DeleteOp(op);
    library.TF_DeleteStatus(reported);
    inputs.forEach(deleteHandle);
  }
  const { id } = addHandle(Deno.UnsafePointer.create(room[0]!));
  try {
    return Array.from(readHandle(getHandle(id)) as Float32Array);
  } finally {
    deleteHandle(id);
  }
}

function makeOp(
  cluster: Cluster,
  inputs: readonly number[],
): Deno.PointerValue {
  const op = library.TFE_NewOp(context, cString(REDUCE), status);
  check(REDUCE);
  // A few numbers are nothing for a GPU.
  const device = `${taskName(cluster.rank)}/device:CPU:0`;
  library.TFE_OpSetDevice(op, cString(device), status);
  check(REDUCE);
  for (const id of inputs) {
    library.TFE_OpAddInput(op, getHandle(id).pointer, status);
    check(REDUCE);
  }
  for (const attribute of reduceAttributes(false, 0)) {
    setEagerAttribute(op, REDUCE, attribute);
  }
  return op;
}

/** Looks after the others while an exchange waits, and ends it in vain. */
class Watch {
  readonly #cluster: Cluster;
  readonly #teller: ReturnType<typeof setTimeout>;
  #looker: ReturnType<typeof setTimeout> | undefined;
  #missed: readonly number[] = [];
  #stopped = false;

  constructor(cluster: Cluster, onWait?: () => void) {
    this.#cluster = cluster;
    this.#teller = setTimeout(() => onWait?.(), TELL);
    this.#next();
  }

  #next(): void {
    this.#looker = setTimeout(() => this.#look(), LOOK);
  }

  async #look(): Promise<void> {
    const missing = await unhealthyPeers(this.#cluster, LOOK);
    if (this.#stopped) return;
    // Once may be chance.
    if (missing.some((rank) => this.#missed.includes(rank))) return abort();
    this.#missed = missing;
    if (missing.length > 0) await this.#look();
    else this.#next();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#teller);
    clearTimeout(this.#looker);
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
  library.TFE_AbortCollectiveOps(context, reason);
  library.TF_DeleteStatus(reason);
}
