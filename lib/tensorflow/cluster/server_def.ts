/**
 * The message that makes a process a worker of TensorFlow's distributed
 * runtime.
 *
 * Source: `tensorflow/core/protobuf/tensorflow_server.proto`, `cluster.proto`
 * and `config.proto` of TensorFlow 2.21.
 *
 * @module
 */

import { sessionConfig } from "@/tensorflow/ffi/runtime.ts";
import { ProtobufWriter } from "@/tensorflow/ffi/protobuf.ts";
import type { Membership } from "./worker_list.ts";

/** The job that all workers belong to. */
const JOB = "worker";

/** TensorFlow's name of a worker, such as `/job:worker/replica:0/task:1`. */
export function taskName(rank: number): string {
  return `/job:${JOB}/replica:0/task:${rank}`;
}

/**
 * A serialised `ServerDef`.
 *
 * @param threads Threads for one op and for ops side by side; 0 for one a core.
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
