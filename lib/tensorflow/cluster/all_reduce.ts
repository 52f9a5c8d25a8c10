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
import { withoutGradient } from "@/tensorflow/backend/tape.ts";
import * as tf from "@/tensorflow/api/tf.ts";
import { type Cluster, currentCluster } from "./cluster.ts";
import {
  GROUP_KEYS,
  newInstanceKey,
  REDUCE,
  reduceAttributes,
} from "./collective.ts";

/** Options of {@linkcode allReduceMean}. */
export interface AllReduceOptions {
  /**
   * Maximum bytes per message; 4 MiB by default. Messages are sent one after
   * the other, while what the later ones need may still be computed.
   */
  readonly bucketBytes?: number;
}

const BUCKET_BYTES = 2 ** 22;

/**
 * Computes the mean of each tensor over all workers. Every worker must call it
 * with tensors of the same shapes.
 *
 * @param tensors Of type float32.
 * @param options Size of the messages.
 * @returns The means; outside of a cluster, clones of the tensors.
 * @throws {TensorFlowError} If a worker is lost or late.
 *
 * @example
 * ```ts
 * import { allReduceMean, tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * // In a process that works alone:
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

/**
 * Computes the sum of each tensor over all workers, as
 * {@linkcode allReduceMean} does the mean.
 *
 * @param tensors Of type float32.
 * @param options Size of the messages.
 * @returns The sums; outside of a cluster, clones of the tensors.
 * @throws {TensorFlowError} If a worker is lost or late.
 */
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

/**
 * Groups neighbours until a bucket is full: few large messages instead of many
 * small ones.
 *
 * @param sizes The size of each item.
 * @param capacity The size of a bucket; a larger item has one of its own.
 * @returns The indices of the items of each bucket, in order.
 *
 * @example
 * ```ts
 * import { packBuckets } from "@/tensorflow/cluster/all_reduce.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(packBuckets([3, 4, 9, 1], 8), [[0, 1], [2], [3]]);
 * ```
 */
export function packBuckets(
  sizes: readonly number[],
  capacity: number,
): number[][] {
  const buckets: number[][] = [];
  let room = -1;
  sizes.forEach((size, i) => {
    if (size > room || buckets.length === 0) {
      buckets.push([]);
      room = capacity;
    }
    buckets.at(-1)!.push(i);
    room -= size;
  });
  return buckets;
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

/** Outside of compiled functions, a size keeps its key. */
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
  const [reduced] = withoutGradient(
    "allReduceMean or allReduceSum",
    [flat],
    () => tf.backend.executeMultipleOutputs(REDUCE, attributes, inputs, 1),
  );
  return reduced as Tensor;
}
