/**
 * A network that draws the detail which a medium image lacks. One medium image
 * has many high ones; a network trained for the least error gives their mean,
 * and this one gives one of them, another one for each noise.
 *
 * Detail is what the high image has beyond the mean, as 2x2 patches at the
 * medium image's size, divided by how much of it is to be expected there. The
 * network learns which way noise z has to move at each time t to become detail
 * d at time 1, from points on straight lines between the two:
 *
 *     x(t) = (1 − t) z + t d,   v = d − z,   minimise |v̂(x(t), t, medium) − v|²
 *
 * To draw, it follows v̂ from noise in a few steps. Y. Lipman et al., "Flow
 * Matching for Generative Modeling", 2023. What is known of v without the
 * medium image, if both z and d have variance 1, needs no network: it only
 * adds to that, as in T. Karras et al., "Elucidating the Design Space of
 * Diffusion-Based Generative Models", 2022.
 *
 *     x(t) [n, h, w, 12], medium [n, h, w, 3], mean's detail [n, h, w, 12]
 *     │ conv 3x3, residual block ─────────────┐
 *     │ conv 3x3, every second position       │
 *     │ residual blocks [n, h/2, w/2, W]      │
 *     │ conv 1x1, shuffled                    │
 *     └──────────────▶ + ◀────────────────────┘
 *                      │ residual block, conv 3x3 (zero at first)
 *                      v̂ [n, h, w, 12]
 *
 * In each block, the time scales and shifts the channels.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { IMAGE_OFFSET, type Trainable } from "@/models/autoencoder.ts";
import { fromPatches, toPatches } from "@/models/patch_pca.ts";
import { WeightSet } from "./weight_set.ts";

/** Numbers of a 2x2 patch. */
export const DETAIL_CHANNELS = 12;

/** Channels of what the network sees of the medium image and the mean. */
const CONDITION_CHANNELS = 3 + DETAIL_CHANNELS + 1;

/** Functions of the time that blocks see. */
const TIME_FEATURES = 8;

/** What decides the shape of a sampler. */
export interface DetailSamplerSettings {
  /** Channels at the medium image's size. */
  readonly width: number;
  /** Channels at half of it, W. */
  readonly innerWidth: number;
  /** Residual blocks at half the size. */
  readonly blocks: number;
}

/** What is known before any detail is drawn. */
export interface DetailCondition {
  /** `[n, h, w, 16]`: the medium image, the mean's detail, the scale. */
  readonly seen: tf.Tensor4D;
  /** `[n, h, w, 1]`: how much detail to expect, in 0..1 of the image. */
  readonly scale: tf.Tensor4D;
}

/** A network that tells where noise has to move to become detail. */
export interface DetailSampler extends Trainable {
  /** Multiplications per pixel of the high image in one step. */
  readonly multiplyAdds: number;
  /**
   * Finds the direction.
   *
   * @param state `[n, h, w, 12]`, noise at time 0 and detail at time 1; even
   * sides.
   * @param seen Of {@linkcode detailCondition}.
   * @param time `[n]`, 0 to 1.
   * @returns `[n, h, w, 12]`.
   */
  velocity(
    state: tf.Tensor4D,
    seen: tf.Tensor4D,
    time: tf.Tensor1D,
  ): tf.Tensor4D;
}

/** Detail to expect where the medium image is flat. */
const FLAT_SCALE = 0.004;

/** Detail to expect for each unit of difference between its pixels. */
const SCALE_SLOPE = 0.3;

/** Side of the square over which differences are averaged. */
const SCALE_WINDOW = 5;

/**
 * Prepares what a sampler sees.
 *
 * @param medium `[n, h, w, 3]` in 0..1.
 * @param mean `[n, 2h, 2w, 3]`, the high image of least error.
 * @returns The condition.
 */
export function detailCondition(
  medium: tf.Tensor4D,
  mean: tf.Tensor4D,
): DetailCondition {
  return tf.tidy(() => {
    const scale = detailScale(medium);
    const fine = toPatches(mean, 2).sub(tf.tile(medium, [1, 1, 1, 4]))
      .div(scale).clipByValue(-10, 10);
    const rough = scale.log().add(4);
    const seen = tf.concat([medium.sub(IMAGE_OFFSET), fine, rough], 3);
    return { seen: seen as tf.Tensor4D, scale };
  });
}

/** From the differences between neighbouring pixels: [n, h, w, 1]. */
function detailScale(medium: tf.Tensor4D): tf.Tensor4D {
  const [n, height, width] = medium.shape;
  const along = ([1, 2] as const).map((axis) => {
    const next = tf.mirrorPad(
      medium,
      [0, 1, 2, 3].map((at) => [0, at === axis ? 1 : 0]) as [number, number][],
      "symmetric",
    );
    const start = [0, 1, 2, 3].map((at) => at === axis ? 1 : 0);
    return next.slice(start, [n, height, width, 3]).sub(medium).square();
  });
  const squares = along[0]!.add(along[1]!).mean(3, true).div(2) as tf.Tensor4D;
  return tf.avgPool(squares, SCALE_WINDOW, 1, "same").sqrt()
    .mul(SCALE_SLOPE).add(FLAT_SCALE);
}

/**
 * Turns what a sampler has drawn into high images.
 *
 * @param mean `[n, 2h, 2w, 3]`, the high image of least error.
 * @param detail `[n, h, w, 12]`, a state at time 1.
 * @param scale Of {@linkcode detailCondition}.
 * @returns `[n, 2h, 2w, 3]`; about 0..1, not clipped.
 */
export function addDetail(
  mean: tf.Tensor4D,
  detail: tf.Tensor4D,
  scale: tf.Tensor4D,
): tf.Tensor4D {
  return tf.tidy(() =>
    mean.add(fromPatches(detail.mul(scale) as tf.Tensor4D, 2))
  );
}

/**
 * Takes the detail out of high images: the inverse of {@linkcode addDetail}.
 *
 * @param images `[n, 2h, 2w, 3]`.
 * @param mean `[n, 2h, 2w, 3]`, the high image of least error.
 * @param scale Of {@linkcode detailCondition}.
 * @returns `[n, h, w, 12]`.
 */
export function takeDetail(
  images: tf.Tensor4D,
  mean: tf.Tensor4D,
  scale: tf.Tensor4D,
): tf.Tensor4D {
  return tf.tidy(() => toPatches(images.sub(mean), 2).div(scale));
}

/**
 * Makes a sampler of detail. It starts as if it knew nothing of the medium
 * image but how much detail to expect.
 *
 * @param settings Its shape.
 * @param seed Of the initial weights.
 * @returns The sampler.
 */
export function detailSampler(
  { width, innerWidth, blocks }: DetailSamplerSettings,
  seed: number,
): DetailSampler {
  const weights = new WeightSet(seed);
  const block = (name: string, channels: number) => {
    const shape = [3, 3, channels, channels];
    weights.add(`${name}_a`, shape);
    weights.add(`${name}_time`, [TIME_FEATURES, 2 * channels], 0);
    weights.add(`${name}_b`, shape, 0.2);
  };
  weights.add("detail_in", [
    ...[3, 3],
    ...[DETAIL_CHANNELS + CONDITION_CHANNELS, width],
  ]);
  block("detail_first", width);
  weights.add("detail_down", [3, 3, width, innerWidth]);
  for (let i = 0; i < blocks; i++) block(`detail_${i}`, innerWidth);
  weights.add("detail_up", [1, 1, innerWidth, 4 * width], 0.5);
  block("detail_last", width);
  weights.add("detail_out", [3, 3, width, DETAIL_CHANNELS], 0);

  const through = (name: string, x: tf.Tensor4D, times: tf.Tensor2D) => {
    const [n, , , channels] = x.shape;
    const [gain, shift] = times.matMul(
      weights.kernel(`${name}_time`) as tf.Tensor2D,
    ).add(weights.bias(`${name}_time`)).reshape([n, 1, 1, 2 * channels])
      .split(2, 3);
    const inner = weights.convolve(`${name}_a`, x);
    const timed = inner.add(inner.mul(gain!)).add(shift!) as tf.Tensor4D;
    return x.add(weights.convolve(`${name}_b`, timed.relu())) as tf.Tensor4D;
  };
  const correction = (x: tf.Tensor4D, times: tf.Tensor2D) => {
    const first = weights.convolve("detail_in", x); // [n, h, w, width]
    const outer = through("detail_first", first, times);
    let inner = weights.convolve("detail_down", outer.relu(), 2);
    for (let i = 0; i < blocks; i++) {
      inner = through(`detail_${i}`, inner, times); // [n, h/2, w/2, innerWidth]
    }
    const up = fromPatches(weights.convolve("detail_up", inner.relu()), 2);
    const last = through("detail_last", outer.add(up), times);
    return weights.convolve("detail_out", last.relu()); // [n, h, w, 12]
  };
  return {
    parameters: weights.parameters,
    multiplyAdds: multiplyAddsOf(weights.weights()),
    weights: () => weights.weights(),
    dispose: () => weights.dispose(),
    [Symbol.dispose]: () => weights.dispose(),
    velocity: (state, seen, time) =>
      tf.tidy(() => {
        const t = time.reshape([-1, 1, 1, 1]);
        const variance = t.square().add(tf.sub(1, t).square());
        const known = state.mul(t.mul(2).sub(1).div(variance));
        const x = tf.concat([state.div(variance.sqrt()), seen], 3);
        const found = correction(x as tf.Tensor4D, timeFeatures(time));
        return known.add(found.div(variance.sqrt())) as tf.Tensor4D;
      }),
  };
}

/** Kernels at half the medium image's size have a sixteenth of the pixels. */
function multiplyAddsOf(weights: ReadonlyMap<string, tf.Variable>): number {
  let sum = 0;
  for (const [name, { size, shape }] of weights) {
    if (shape.length !== 4) continue;
    const isInner = /detail_(\d+_|down|up)/.test(name);
    sum += size / (isInner ? 16 : 4);
  }
  return sum;
}

/** `[n, 8]`: cosines of half waves over the time. */
function timeFeatures(time: tf.Tensor1D): tf.Tensor2D {
  const waves = tf.range(1, TIME_FEATURES + 1).mul(Math.PI).reshape([1, -1]);
  return time.reshape([-1, 1]).mul(waves).cos() as tf.Tensor2D;
}

/** What {@linkcode detailLoss} learns from. */
export interface DetailLesson {
  /** `[n, h, w, 12]`, real detail. */
  readonly detail: tf.Tensor4D;
  /** `[n, h, w, 12]`, normally distributed. */
  readonly noise: tf.Tensor4D;
  /** Of {@linkcode detailCondition}. */
  readonly seen: tf.Tensor4D;
  /** `[n]`, 0 to 1. */
  readonly time: tf.Tensor1D;
}

/**
 * The loss of a sampler: how far its direction is from that of the straight
 * line from noise to detail.
 *
 * @param sampler The sampler.
 * @param lesson Detail, noise and times.
 * @returns A scalar, a mean of squares.
 */
export function detailLoss(
  sampler: DetailSampler,
  { detail, noise, seen, time }: DetailLesson,
): tf.Scalar {
  return tf.tidy(() => {
    const t = time.reshape([-1, 1, 1, 1]);
    const state = noise.mul(tf.sub(1, t)).add(detail.mul(t)) as tf.Tensor4D;
    const found = sampler.velocity(state, seen, time);
    return found.sub(detail.sub(noise)).square().mean() as tf.Scalar;
  });
}
