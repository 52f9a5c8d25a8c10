/**
 * The end of a cluster.
 *
 * @module
 */

import { sumOverWorkers } from "./exchange.ts";

/**
 * Waits until all workers are done: one that ended at once would take its part
 * of the last exchange with it, before the others have it. That a worker has
 * ended already is no error here.
 */
export async function leaveCluster(): Promise<void> {
  await sumOverWorkers([0]).catch(() => {});
}
