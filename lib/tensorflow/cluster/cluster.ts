/**
 * Several processes that train together, on TensorFlow's own distributed
 * runtime: its gRPC servers and its collective ops.
 *
 *     worker 0 ◀──▶ worker 1 ◀──▶ … ◀──▶ worker n-1 ◀──▶ worker 0
 *
 * Each worker runs the same program. What they exchange goes round the ring in
 * the same order everywhere, so each must take part in every exchange. The
 * runtime knows no passwords and no encryption: it is for networks that one
 * trusts.
 *
 * @module
 */

import type { Membership } from "./worker_list.ts";

/** The cluster that this process belongs to. */
export interface Cluster extends Membership {
  /** Seconds that an op of a step waits for the others. */
  readonly timeoutSeconds: number;
}

let joined: Cluster | undefined;

/** The cluster of this process, or `undefined` when it works alone. */
export function currentCluster(): Cluster | undefined {
  return joined;
}

/** How a worker is called in messages, such as `worker 1 at 10.0.0.2:2222`. */
export function describeWorker({ workers }: Membership, rank: number): string {
  return `worker ${rank} at ${workers[rank]}`;
}

/** Says what cluster this process belongs to. */
export function setCluster(cluster: Cluster | undefined): void {
  joined = cluster;
}
