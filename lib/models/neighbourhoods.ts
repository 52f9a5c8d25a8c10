/**
 * Each position of a code together with the eight around it.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";

/**
 * Lays the 3x3 positions around each position side by side, row by row: what
 * a 3x3 convolution sees, so that a linear map of it is such a convolution.
 *
 * @param codes `[n, height, width, C]`.
 * @returns `[n, height, width, 9 * C]`; zeros beyond the border.
 *
 * @example
 * ```ts
 * import { neighbourhoods } from "./mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const codes = tf.tensor4d([5, 7], [1, 1, 2, 1]);
 * assertEquals(
 *   Array.from(neighbourhoods(codes).dataSync()),
 *   [0, 0, 0, 0, 5, 7, 0, 0, 0, 0, 0, 0, 5, 7, 0, 0, 0, 0],
 * );
 * ```
 */
export function neighbourhoods(codes: tf.Tensor4D): tf.Tensor4D {
  const [n, height, width, channels] = codes.shape;
  return tf.tidy(() => {
    const padded = codes.pad([[0, 0], [1, 1], [1, 1], [0, 0]]);
    const shifted: tf.Tensor4D[] = [];
    for (let y = 0; y < 3; y++) {
      for (let x = 0; x < 3; x++) {
        shifted.push(
          padded.slice([0, y, x, 0], [
            n,
            height,
            width,
            channels,
          ]) as tf.Tensor4D,
        );
      }
    }
    return tf.concat(shifted, 3);
  });
}
