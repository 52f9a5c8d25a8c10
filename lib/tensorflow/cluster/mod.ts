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
export {
  type ExchangeOptions,
  gatherFromWorkers,
  leaveCluster,
  sumOverWorkers,
} from "./exchange.ts";
export { type ClusterOptions, joinCluster } from "./join_cluster.ts";
export { explainLoss } from "./lost_worker.ts";
export {
  ClusterError,
  type Membership,
  readMembership,
} from "./worker_list.ts";
