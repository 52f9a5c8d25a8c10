/**
 * Draws detail: from noise, in a few steps, along the directions that a
 * sampler finds.
 *
 * @module
 */

import { normalNumbers, seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { DETAIL_CHANNELS, type DetailSampler } from "./detail_sampler.ts";

/** Where a draw begins, and in how many steps it ends. */
export interface DetailDraw {
  /** Of `detailCondition`. */
  readonly seen: tf.Tensor4D;
  /** `[n, h, w, 12]`, of {@linkcode detailNoise}. */
  readonly noise: tf.Tensor4D;
  /** Number of steps of equal length. */
  readonly steps: number;
}

/**
 * Draws detail.
 *
 * @param velocity Of a sampler, as it is or compiled.
 * @param draw Where it begins.
 * @returns `[n, h, w, 12]`.
 */
export function drawDetail(
  velocity: DetailSampler["velocity"],
  { seen, noise, steps }: DetailDraw,
): tf.Tensor4D {
  let state = noise.clone();
  for (let step = 0; step < steps; step++) {
    const next = tf.tidy(() => {
      const time = tf.fill([noise.shape[0]], step / steps) as tf.Tensor1D;
      return state.add(velocity(state, seen, time).div(steps)) as tf.Tensor4D;
    });
    state.dispose();
    state = next;
  }
  return state;
}

/**
 * Makes the noise that a draw begins with.
 *
 * @param height Of the medium image.
 * @param width Of the medium image.
 * @param keys What the noise depends on, such as a seed and a name.
 * @returns Normally distributed numbers, `[height, width, 12]`.
 */
export function detailNoise(
  height: number,
  width: number,
  ...keys: readonly (number | string)[]
): Float32Array {
  const random = seededRandom("detail", ...keys);
  return normalNumbers(random, height * width * DETAIL_CHANNELS);
}
