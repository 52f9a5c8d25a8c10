/**
 * Weights of networks that are written op by op, since what they do between
 * their convolutions has no layer: kernels divided by their norm, channels
 * scaled by a time.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import type { Trainable } from "@/models/autoencoder.ts";

/** Kernels and biases by name. */
export class WeightSet implements Trainable {
  readonly #seed: number;
  readonly #weights = new Map<string, tf.Variable>();

  /**
   * Starts without weights.
   *
   * @param seed Decides the first values of kernels; each has a seed of its
   * own.
   */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Number of weights. */
  get parameters(): number {
    let sum = 0;
    for (const { size } of this.#weights.values()) sum += size;
    return sum;
  }

  /**
   * Adds a kernel and a bias, which starts at zero.
   *
   * @param name Unique; the weights are `name/kernel` and `name/bias`.
   * @param shape Of the kernel; its last two numbers are channels in and out.
   * @param gain Scales the first values, whose variance is twice one over
   * what is summed up by default, as suits a ReLU; with 0 they are zero.
   */
  add(name: string, shape: readonly number[], gain = 1): void {
    const start = gain === 0
      ? tf.initializers.zeros()
      : tf.initializers.varianceScaling({
        scale: 2 * gain ** 2,
        mode: "fanIn",
        distribution: "uniform",
        seed: this.#seed + this.#weights.size,
      });
    tf.tidy(() => {
      const kernel = tf.variable(start.apply([...shape]));
      const bias = tf.variable(tf.zeros([shape.at(-1)!]));
      this.#weights.set(`${name}/kernel`, kernel);
      this.#weights.set(`${name}/bias`, bias);
    });
  }

  /**
   * A kernel.
   *
   * @param name As it was added.
   */
  kernel(name: string): tf.Variable {
    return this.#weights.get(`${name}/kernel`)!;
  }

  /**
   * A bias.
   *
   * @param name As it was added.
   */
  bias(name: string): tf.Variable {
    return this.#weights.get(`${name}/bias`)!;
  }

  /**
   * Convolves with a kernel, padded with zeros, and adds its bias.
   *
   * @param name As it was added.
   * @param input `[n, height, width, in]`.
   * @param stride Pixels from one output to the next.
   * @returns `[n, height / stride, width / stride, out]`.
   */
  convolve(name: string, input: tf.Tensor4D, stride = 1): tf.Tensor4D {
    const kernel = this.kernel(name) as tf.Tensor4D;
    return tf.conv2d(input, kernel, stride, "same").add(this.bias(name));
  }

  /** All weights by unique names, in the order in which they were added. */
  weights(): Map<string, tf.Variable> {
    return new Map(this.#weights);
  }

  /** Frees the weights. */
  dispose(): void {
    tf.dispose([...this.#weights.values()]);
  }

  /** Frees the weights. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}
