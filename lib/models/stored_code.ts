/**
 * A code as it could be stored without an entropy coder: 8 bits per number.
 *
 *     z [side, side, C] ▶ bounds per channel ▶ 0..255 ▶ side² · C bytes
 *
 * The minimum and maximum of each channel are 32-bit floats, 8 bytes more.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";

/**
 * Counts the bytes of a code that is stored with 8 bits per number.
 *
 * @param shape `[side, side, C]`.
 * @returns Bytes, with the bounds of the channels.
 */
export function storedBytes(shape: readonly number[]): number {
  const channels = shape.at(-1)!;
  return shape.reduce((product, size) => product * size, 1) + 8 * channels;
}

/**
 * Rounds codes to 256 levels between the bounds of each image's channels.
 *
 * @param codes `[n, side, side, C]`.
 * @returns The codes that are read back from the stored bytes.
 */
export function roundTo8Bits(codes: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => {
    const low = codes.min([1, 2], true);
    const range = codes.max([1, 2], true).sub(low);
    const step = tf.maximum(range.div(255), 1e-12);
    return codes.sub(low).div(step).round().mul(step).add(low) as tf.Tensor4D;
  });
}
