/**
 * Averages of weights over the last steps of training. They lose less to the
 * noise of steps than the weights themselves, at a learning rate that does not
 * fall.
 *
 * B. T. Polyak and A. B. Juditsky, "Acceleration of Stochastic Approximation by
 * Averaging", 1992; here with weights that fall exponentially.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";

/** The part of an average that a step keeps, after the first steps. */
const DECAY = 0.999;

/** Averages of a fixed set of weights. */
export class WeightAverages {
  readonly #weights: ReadonlyMap<string, tf.Variable>;
  readonly #averages = new Map<string, tf.Variable>();
  readonly #steps: tf.Variable;

  /**
   * Starts with the weights as they are.
   *
   * @param weights What is averaged, by unique names.
   */
  constructor(weights: ReadonlyMap<string, tf.Variable>) {
    this.#weights = weights;
    const copy = (value: tf.Tensor) =>
      tf.tidy(() => tf.variable(value.clone(), false));
    for (const [name, weight] of weights) {
      this.#averages.set(name, copy(weight));
    }
    this.#steps = tf.tidy(() => copy(tf.scalar(0)));
  }

  /** Takes the weights after a step into the averages. */
  update(): void {
    tf.tidy(() => {
      this.#steps.assign(this.#steps.add(1));
      // Else the first weights would count for thousands of steps.
      const first = this.#steps.add(9).reciprocal().mul(9);
      const rate = tf.maximum(1 - DECAY, first);
      for (const [name, average] of this.#averages) {
        const change = this.#weights.get(name)!.sub(average).mul(rate);
        average.assign(average.add(change));
      }
    });
  }

  /**
   * An average.
   *
   * @param name The name of its weight.
   * @returns The average, or nothing if there is no such weight.
   */
  get(name: string): tf.Variable | undefined {
    return this.#averages.get(name);
  }

  /** Gives the weights the values of their averages. */
  apply(): void {
    for (const [name, average] of this.#averages) {
      this.#weights.get(name)!.assign(average);
    }
  }

  /**
   * Its state for a checkpoint.
   *
   * @returns Variables by name.
   */
  state(): Map<string, tf.Variable> {
    const averages = Array.from(
      this.#averages,
      ([name, average]) => [`average/${name}`, average] as const,
    );
    return new Map([...averages, ["average/steps", this.#steps]]);
  }

  /** Frees its state. */
  [Symbol.dispose](): void {
    for (const variable of this.state().values()) variable.dispose();
  }
}
