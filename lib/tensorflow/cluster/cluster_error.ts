/**
 * What goes wrong between the workers of a cluster.
 *
 * @module
 */

/** An error of a cluster, in one sentence for its user. */
export class ClusterError extends Error {
  /** Its name, for messages. */
  override name = "ClusterError";
}
