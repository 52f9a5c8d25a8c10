/**
 * Which workers of a cluster answer.
 *
 * A worker answers as long as its process runs, whatever its JavaScript does:
 * TensorFlow's server has threads of its own.
 *
 * @module
 */

import { context } from "@/tensorflow/ffi/runtime.ts";
import { library } from "@/tensorflow/ffi/library.ts";
import { cString } from "@/tensorflow/ffi/status.ts";
import { taskName } from "./server_def.ts";
import type { Membership } from "./worker_list.ts";

/**
 * Asks all other workers at once.
 *
 * @param milliseconds How long an answer may take.
 * @returns The ranks of those that did not answer, or that were started anew.
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
      context,
      cString(taskName(peer)),
      BigInt(Math.ceil(milliseconds)),
      answer,
    );
    return library.TF_GetCode(answer) === 0;
  } finally {
    library.TF_DeleteStatus(answer);
  }
}
