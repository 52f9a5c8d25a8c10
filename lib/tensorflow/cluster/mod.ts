/**
 * Training on several machines, on TensorFlow's own distributed runtime.
 *
 * @module
 */

export {
  allReduceMean,
  type AllReduceOptions,
  allReduceSum,
} from "./all_reduce.ts";
export { type Cluster, currentCluster, describeWorker } from "./cluster.ts";
export { ClusterError } from "./cluster_error.ts";
export {
  type ExchangeOptions,
  gatherFromWorkers,
  sumOverWorkers,
} from "./exchange.ts";
export { type ClusterOptions, joinCluster } from "./join_cluster.ts";
export { leaveCluster } from "./leave_cluster.ts";
export { explainLoss } from "./lost_worker.ts";
export { type Membership, readMembership } from "./worker_list.ts";
