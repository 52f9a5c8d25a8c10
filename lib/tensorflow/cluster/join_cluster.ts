/**
 * How a process becomes a worker.
 *
 * Source: `TFE_EnableCollectiveOps` and `TFE_CollectiveOpsCheckPeerHealth` in
 * `tensorflow/c/eager/c_api_experimental.h`; the message is in
 * `tensorflow/core/protobuf/tensorflow_server.proto`, `cluster.proto` and
 * `config.proto` of TensorFlow 2.21.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { library } from "@/tensorflow/ffi/library.ts";
import { setLogLevel } from "@/tensorflow/library/map_library.ts";
import { ProtobufWriter } from "@/tensorflow/ffi/protobuf.ts";
import {
  handleCount,
  runtime,
  sessionConfig,
  threadSetting,
} from "@/tensorflow/ffi/runtime.ts";
import { check, status } from "@/tensorflow/ffi/status.ts";
import {
  type Cluster,
  currentCluster,
  describeWorker,
  JOB,
  setCluster,
  taskName,
  unhealthyPeers,
} from "./cluster.ts";
import { gatherFromWorkers, leaveCluster } from "./exchange.ts";
import {
  checkMembership,
  ClusterError,
  type Membership,
  portOf,
} from "./worker_list.ts";

/** How to join a cluster. */
export interface ClusterOptions extends Membership {
  /** Seconds to wait for the others at the start; 28 by default. */
  readonly joinSeconds?: number;
  /** Seconds that an op of a step waits for the others; 20 by default. */
  readonly timeoutSeconds?: number;
  /** Called once with the missing workers if there are any to wait for. */
  readonly onWait?: (missing: string) => void;
}

/** Milliseconds between checks of who has come. */
const PATIENCE = 200;

/**
 * Makes this process a worker, and waits until all others are there. Call it
 * before the first tensor is made. A second call with the same workers does
 * nothing, and neither does a list of one worker.
 *
 * @param options The workers, which of them this is, and how long to wait.
 * @throws {ClusterError} If the options are invalid, the port is in use, or a
 * worker does not come in time or leaves at once.
 */
export async function joinCluster(options: ClusterOptions): Promise<void> {
  const { workers, rank, joinSeconds = 28, timeoutSeconds = 20 } = options;
  checkMembership(options);
  const joined = currentCluster();
  if (joined !== undefined) {
    if (joined.rank === rank && joined.workers.join() === workers.join()) {
      return;
    }
    throw new ClusterError(
      `This process already is ${describeWorker(joined, joined.rank)}.`,
    );
  }
  if (workers.length === 1) return;
  if (handleCount() > 0) {
    throw new ClusterError(
      `A cluster must be joined before the first tensor is made, but there ` +
        `are ${handleCount()}.`,
    );
  }
  startServer(options);
  const cluster = { workers: [...workers], rank, timeoutSeconds };
  setCluster(cluster);
  try {
    await waitForAll(cluster, joinSeconds, options.onWait);
    await compareLists(cluster);
  } catch (error) {
    setCluster(undefined);
    throw error;
  }
}

function startServer(membership: Membership): void {
  const { workers, rank } = membership;
  requireFreePort(membership);
  // The engine reports in sentences what TensorFlow would log as errors.
  setLogLevel(3);
  const bytes = serverDef(membership, threadSetting());
  try {
    const { context } = runtime;
    const length = BigInt(bytes.length);
    library.TFE_EnableCollectiveOps(context, bytes, length, status);
    check("EnableCollectiveOps");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ClusterError(
      `Could not listen on port ${portOf(workers[rank]!)}: ${reason}`,
    );
  }
  runtime.refreshDevices();
}

/**
 * Writes the message that makes a process a worker of TensorFlow's distributed
 * runtime, a `ServerDef`.
 *
 * @param membership The workers, and which of them this process is.
 * @param threads Threads for one op and for ops side by side; 0 for one per
 * core.
 * @returns The message.
 */
export function serverDef(
  { workers, rank }: Membership,
  threads: number,
): Uint8Array<ArrayBuffer> {
  const job = new ProtobufWriter().bytes(1, JOB); // JobDef.name
  workers.forEach((worker, i) =>
    job.bytes(2, new ProtobufWriter().varint(1, i).bytes(2, worker)) // .tasks
  );
  const experimental = new ProtobufWriter()
    .bytes(1, taskName(0)); // collective_group_leader
  return new ProtobufWriter()
    .bytes(1, new ProtobufWriter().bytes(1, job)) // cluster
    .bytes(2, JOB) // job_name
    .varint(3, rank) // task_index
    .bytes(4, sessionConfig(threads).bytes(16, experimental))
    .bytes(5, "grpc") // protocol
    .finish();
}

function requireFreePort(membership: Membership): void {
  const { workers, rank } = membership;
  const port = portOf(workers[rank]!);
  try {
    Deno.listen({ hostname: "0.0.0.0", port }).close();
  } catch (error) {
    const reason = error instanceof Deno.errors.AddrInUse
      ? `is in use, by another program or by another worker with --rank ${rank}`
      : `cannot be listened on: ${
        error instanceof Error ? error.message : error
      }`;
    throw new ClusterError(`Port ${port} of this machine ${reason}.`);
  }
}

async function waitForAll(
  cluster: Cluster,
  seconds: number,
  onWait?: (missing: string) => void,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  const name = (rank: number) => `Worker ${rank} at ${cluster.workers[rank]}`;
  const came = new Set<number>();
  let before: readonly number[] | undefined;
  while (true) {
    const left = Math.max(1, end - performance.now());
    const missing = await unhealthyPeers(cluster, Math.min(left, 2000));
    if (missing.length === 0) return;
    const names = missing.map(name).join(", ");
    if (performance.now() >= end) {
      throw new ClusterError(`${names} did not come within ${seconds} s.`);
    }
    // A single missed answer may be chance.
    const gone = missing.find((rank) =>
      came.has(rank) && before?.includes(rank)
    );
    if (gone !== undefined) {
      throw new ClusterError(`${name(gone)} came, but has ended again.`);
    }
    cluster.workers.forEach((_, rank) => {
      if (!missing.includes(rank)) came.add(rank);
    });
    if (before === undefined) onWait?.(names);
    before = missing;
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  }
}

/** Checks that all workers have the same addresses in the same order. */
async function compareLists(cluster: Cluster): Promise<void> {
  const digest = createHash("sha256").update(cluster.workers.join()).digest();
  const own = digest.readUIntBE(0, 3); // float32 holds 24 bits exactly
  const others = (await gatherFromWorkers([own])).map(([number]) => number);
  const odd = others.findIndex((number) => number !== own);
  if (odd < 0) return;
  await leaveCluster(); // the others need their answers, too
  throw new ClusterError(
    `Worker ${odd} at ${cluster.workers[odd]} was started with another list ` +
      `than this one's, ${cluster.workers.join(",")}.`,
  );
}
