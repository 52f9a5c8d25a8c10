/**
 * Several processes that train together, on TensorFlow's own distributed
 * runtime: its gRPC servers and its collective ops.
 *
 *     worker 0 ◀──▶ worker 1 ◀──▶ … ◀──▶ worker n-1 ◀──▶ worker 0
 *
 * Each worker runs the same program. What they exchange goes round the ring in
 * the same order everywhere, so each worker must take part in every exchange.
 * The runtime has no passwords and no encryption: use it in trusted networks
 * only.
 *
 * @module
 */

import { library } from "@/tensorflow/ffi/library.ts";
import { runtime } from "@/tensorflow/ffi/runtime.ts";
import { cString } from "@/tensorflow/ffi/status.ts";
import type { Membership } from "./worker_list.ts";

/** The cluster that this process belongs to. */
export interface Cluster extends Membership {
  /** Seconds that an op of a step waits for the others. */
  readonly timeoutSeconds: number;
}

let joined: Cluster | undefined;

/**
 * Looks up the cluster of this process.
 *
 * @returns `undefined` if the process works alone.
 */
export function currentCluster(): Cluster | undefined {
  return joined;
}

/**
 * Sets the cluster of this process.
 *
 * @param cluster The cluster, or `undefined` for none.
 */
export function setCluster(cluster: Cluster | undefined): void {
  joined = cluster;
}

/**
 * Names a worker for messages.
 *
 * @param membership The workers.
 * @param rank Which of them.
 * @returns Such as `worker 1 at 10.0.0.2:2222`.
 */
export function describeWorker({ workers }: Membership, rank: number): string {
  return `worker ${rank} at ${workers[rank]}`;
}

/** The job that all workers belong to. */
export const JOB = "worker";

/**
 * Names a worker as TensorFlow does.
 *
 * @param rank Which worker.
 * @returns Such as `/job:worker/replica:0/task:1`.
 */
export function taskName(rank: number): string {
  return `/job:${JOB}/replica:0/task:${rank}`;
}

/**
 * Asks all other workers at once whether they are there. A worker answers as
 * long as its process runs, whatever its JavaScript does: TensorFlow's server
 * has threads of its own.
 *
 * @param membership The workers, and which of them asks.
 * @param milliseconds How long an answer may take.
 * @returns The ranks of those that did not answer, or that were restarted.
 */
export async function unhealthyPeers(
  { workers, rank }: Membership,
  milliseconds: number,
): Promise<number[]> {
  const peers = workers.map((_, peer) => peer).filter((peer) => peer !== rank);
  const answers = await Promise.all(
    peers.map((peer) => isHealthy(peer, milliseconds)),
  );
  return peers.filter((_, i) => !answers[i]);
}

async function isHealthy(peer: number, milliseconds: number): Promise<boolean> {
  const answer = library.TF_NewStatus();
  try {
    await library.TFE_CollectiveOpsCheckPeerHealth(
      runtime.context,
      cString(taskName(peer)),
      BigInt(Math.ceil(milliseconds)),
      answer,
    );
    return library.TF_GetCode(answer) === 0;
  } finally {
    library.TF_DeleteStatus(answer);
  }
}
