/**
 * Why an exchange failed, in a sentence that names the worker.
 *
 * @module
 */

import { TensorFlowError } from "@/tensorflow/ffi/status.ts";
import {
  type Cluster,
  currentCluster,
  describeWorker,
  unhealthyPeers,
} from "./cluster.ts";
import { ClusterError } from "./worker_list.ts";

/** Milliseconds in which a live worker answers. */
const ANSWER = 3000;

/**
 * Turns an error of an exchange into one that names the lost worker.
 *
 * @param error What an op of a compiled step, or an exchange, threw.
 * @returns A {@linkcode ClusterError}, or the same error if it is another.
 */
export async function explainLoss(error: unknown): Promise<unknown> {
  const cluster = currentCluster();
  if (cluster === undefined || !isLoss(error)) return error;
  if (/group with size/i.test(error.message)) {
    return new ClusterError(
      "The workers were started with lists of different lengths: " +
        `this one has ${cluster.workers.length} (${
          cluster.workers.join(",")
        }).`,
      { cause: error },
    );
  }
  const gone = await unhealthyPeers(cluster, ANSWER);
  return new ClusterError(sentence(cluster, gone, error), { cause: error });
}

function sentence(
  cluster: Cluster,
  gone: readonly number[],
  error: TensorFlowError,
): string {
  const again =
    "start the same commands again to resume from the last checkpoint.";
  if (gone.length > 0) {
    const names = gone.map((rank) => describeWorker(cluster, rank)).join(", ");
    return `Lost ${names}, which ended or does not answer: ${again}`;
  }
  if (error.code === "DEADLINE_EXCEEDED") {
    return `The workers waited ${cluster.timeoutSeconds} s for each other: ` +
      `all of them answer, but one is stuck or far too slow; ${again}`;
  }
  const reason = error.message.split("\n")[0];
  return `The workers lost each other, though all answer now (${reason}); ${again}`;
}

const LOST = [
  "UNAVAILABLE",
  "DEADLINE_EXCEEDED",
  "CANCELLED",
  "ABORTED",
  "FAILED_PRECONDITION",
];

function isLoss(error: unknown): error is TensorFlowError {
  return error instanceof TensorFlowError &&
    (LOST.includes(error.code) || /collective/i.test(error.message));
}
