/**
 * Tensors added up over all workers, in a compiled function or outside of one.
 *
 *     gradients ─▶ concat ─▶ CollectiveReduceV2 ─▶ split ─▶ gradients' means
 *
 * A. Sergeev and M. Del Balso, "Horovod: fast and easy distributed deep
 * learning in TensorFlow", 2018, section 3, on rings and on fused tensors.
 *
 * @module
 */

import type { Tensor } from "@tensorflow/tfjs";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import * as tf from "@/tensorflow/api/tf.ts";
import { type Cluster, currentCluster } from "./cluster.ts";
import {
  GROUP_KEYS,
  newInstanceKey,
  REDUCE,
  reduceAttributes,
} from "./collective.ts";
import { packBuckets } from "./pack_buckets.ts";

/** Options of {@linkcode allReduceMean}. */
export interface AllReduceOptions {
  /**
   * Most bytes of a message; 4 MiB by default. Messages go one after the
   * other, while what the later ones need may still be computed.
   */
  readonly bucketBytes?: number;
}

const BUCKET_BYTES = 2 ** 22;

/**
 * The mean of each tensor over all workers. Every worker must call it with
 * tensors of the same shapes. Outside of a cluster these are the tensors
 * themselves, as clones.
 *
 * @param tensors Of type float32.
 * @throws {TensorFlowError} When a worker is lost or late.
 *
 * @example
 * ```ts
 * import { allReduceMean, tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * // In a process that works alone.
 * const [mean] = allReduceMean([tf.tensor([1, 2])]);
 * assertEquals(Array.from(mean!.dataSync()), [1, 2]);
 * ```
 */
export function allReduceMean(
  tensors: readonly Tensor[],
  options: AllReduceOptions = {},
): Tensor[] {
  return allReduce(tensors, true, options);
}

/** The sum of each tensor over all workers; see {@linkcode allReduceMean}. */
export function allReduceSum(
  tensors: readonly Tensor[],
  options: AllReduceOptions = {},
): Tensor[] {
  return allReduce(tensors, false, options);
}

function allReduce(
  tensors: readonly Tensor[],
  divide: boolean,
  { bucketBytes = BUCKET_BYTES }: AllReduceOptions,
): Tensor[] {
  const cluster = currentCluster();
  if (cluster === undefined) return tensors.map((tensor) => tensor.clone());
  const sizes = tensors.map((tensor) => tensor.size);
  return tf.tidy(() =>
    packBuckets(sizes, bucketBytes / Float32Array.BYTES_PER_ELEMENT)
      .flatMap((bucket) =>
        reduceBucket(cluster, bucket.map((i) => tensors[i]!), divide)
      )
  );
}

function reduceBucket(
  cluster: Cluster,
  tensors: readonly Tensor[],
  divide: boolean,
): Tensor[] {
  const flat = tensors.map((tensor) => tensor.flatten());
  const all = flat.length === 1 ? flat[0]! : tf.concat(flat);
  const reduced = reduce(cluster, all, divide);
  const parts = flat.length === 1
    ? [reduced]
    : tf.split(reduced, flat.map((tensor) => tensor.size));
  return parts.map((part, i) => part.reshape(tensors[i]!.shape));
}

/** Outside of compiled functions a size keeps its key, however often it comes. */
const eagerKeys = new Map<string, number>();

function instanceKey(size: number, divide: boolean): number {
  if (currentGraph() !== undefined) return newInstanceKey();
  const kind = `${size} ${divide}`;
  const key = eagerKeys.get(kind) ?? newInstanceKey();
  eagerKeys.set(kind, key);
  return key;
}

function reduce(cluster: Cluster, flat: Tensor, divide: boolean): Tensor {
  const key = instanceKey(flat.size, divide);
  const inputs = [
    flat,
    ...[cluster.workers.length, GROUP_KEYS.compute, key]
      .map((value) => tf.scalar(value, "int32")),
  ];
  const attributes = reduceAttributes(divide, cluster.timeoutSeconds);
  return tf.backend.executeMultipleOutputs(REDUCE, attributes, inputs, 1)[0]!;
}
