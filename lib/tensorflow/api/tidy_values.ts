/**
 * The values of a tensor that is not needed afterwards.
 *
 * @module
 */

import { type Tensor, tidy } from "@tensorflow/tfjs";

/**
 * Computes a tensor, reads its values and frees all memory. `tf.tidy` with
 * `dataSync` inside does the same but takes long, as it looks for tensors in
 * everything that is returned to it, so at each single value.
 *
 * @param make Computes the tensor.
 * @returns Its values, in a new array.
 * @example
 * ```ts
 * import { tf, tidyValues } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tidyValues(() => tf.ones([2]).add(1)), new Float32Array([2, 2]));
 * ```
 */
export function tidyValues(make: () => Tensor): Float32Array {
  const tensor = tidy(make);
  try {
    return tensor.dataSync() as Float32Array;
  } finally {
    tensor.dispose();
  }
}
