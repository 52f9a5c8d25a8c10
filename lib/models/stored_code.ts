/**
 * A code as it could be stored without an entropy coder: 8 bits a number.
 *
 *     z [side, side, C] ▶ least and greatest a channel ▶ 0..255 ▶ side² · C bytes
 *
 * The two bounds a channel are 32-bit floats: 8 bytes a channel more.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";

/** Bytes of a code that is stored with 8 bits a number. */
export function storedBytes(shape: readonly number[]): number {
  const channels = shape.at(-1)!;
  return shape.reduce((product, size) => product * size, 1) + 8 * channels;
}

/**
 * Rounds codes to 256 levels between each image's and channel's bounds.
 *
 * @param codes `[n, side, side, C]`.
 * @returns The codes that a reader of the stored bytes gets.
 */
export function roundTo8Bits(codes: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const low = codes.min([1, 2], true);
    const range = codes.max([1, 2], true).sub(low);
    const step = tf.maximum(range.div(255), 1e-12);
    return codes.sub(low).div(step).round().mul(step).add(low) as tf.Tensor4D;
  });
}
