/**
 * Adam with all of its state in variables, so that a checkpoint holds it bit
 * for bit, and with the learning rate as an argument, so that a compiled step
 * can change it.
 *
 * D. P. Kingma and J. Ba, "Adam: A Method for Stochastic Optimization", 2015.
 *
 * @module
 */

import {
  allReduceMean,
  type AllReduceOptions,
  currentCluster,
  tf,
} from "@/tensorflow/mod.ts";

/** Decay of the mean of the gradients. */
const BETA1 = 0.9;

/** Decay of the mean of their squares. */
const BETA2 = 0.999;

/** Keeps the division from 0, as in Keras. */
const EPSILON = 1e-7;

/** Choices of {@linkcode Adam}. */
export interface AdamSettings {
  /** Gradients are scaled down to this global norm; never by default. */
  readonly clipNorm?: number;
  /** Maximum size of a message between workers in bytes; 4 MiB by default. */
  readonly bucketBytes?: number;
}

interface Slot {
  readonly weight: tf.Variable;
  readonly mean: tf.Variable;
  readonly square: tf.Variable;
}

/**
 * Adam for a fixed set of weights. In a cluster each worker computes the loss
 * of its part of a batch, and all take the step of the whole batch.
 */
export class Adam implements Disposable {
  readonly #clipNorm: number | undefined;
  readonly #messages: AllReduceOptions;
  readonly #slots = new Map<string, Slot>();
  readonly #beta1Power: tf.Variable<tf.Rank.R0>;
  readonly #beta2Power: tf.Variable<tf.Rank.R0>;

  /**
   * Starts with moments of 0.
   *
   * @param weights What is trained, by unique names.
   * @param settings How gradients are clipped and sent.
   */
  constructor(
    weights: ReadonlyMap<string, tf.Variable>,
    settings: AdamSettings = {},
  ) {
    const { clipNorm, bucketBytes } = settings;
    this.#clipNorm = clipNorm;
    this.#messages = bucketBytes === undefined ? {} : { bucketBytes };
    for (const [name, weight] of weights) {
      const slot = () => variable(() => tf.zeros(weight.shape));
      this.#slots.set(name, { weight, mean: slot(), square: slot() });
    }
    this.#beta1Power = variable(() => tf.scalar(1));
    this.#beta2Power = variable(() => tf.scalar(1));
  }

  /**
   * Its state for a checkpoint.
   *
   * @returns Variables by name.
   */
  state(): Map<string, tf.Variable> {
    const state = new Map<string, tf.Variable>([
      ["adam/beta1_power", this.#beta1Power],
      ["adam/beta2_power", this.#beta2Power],
    ]);
    for (const [name, { mean, square }] of this.#slots) {
      state.set(`adam/mean/${name}`, mean);
      state.set(`adam/square/${name}`, square);
    }
    return state;
  }

  /**
   * Takes one step down the gradient of a loss.
   *
   * @param learningRate A scalar.
   * @param loss Computes a scalar from the weights; it may return other
   * tensors, too.
   * @returns What `loss` returned.
   */
  minimize<Parts extends { readonly loss: tf.Scalar }>(
    learningRate: tf.Scalar,
    loss: () => Parts,
  ): Parts {
    return tf.tidy(() => {
      let parts: Parts | undefined;
      const weights = Array.from(this.#slots.values(), (slot) => slot.weight);
      const { grads } = tf.variableGrads(() => {
        const made = loss();
        // What is not returned here is disposed before the gradients are taken.
        parts = mapTensors(made, (part) => tf.keep(part.clone()));
        return made.loss;
      }, weights);
      this.#apply(learningRate, this.#clip(average(grads, this.#messages)));
      return mapTensors(parts!, (kept) => {
        const part = kept.clone();
        kept.dispose();
        return part;
      });
    });
  }

  #clip(gradients: tf.NamedTensorMap): tf.NamedTensorMap {
    if (this.#clipNorm === undefined) return gradients;
    const squares = Object.values(gradients).map((gradient) =>
      gradient.square().sum()
    );
    const norm = tf.addN(squares).sqrt();
    const scale = tf.minimum(1, tf.scalar(this.#clipNorm).div(norm));
    return Object.fromEntries(
      Object.entries(gradients).map(([name, gradient]) => [
        name,
        gradient.mul(scale),
      ]),
    );
  }

  #apply(learningRate: tf.Scalar, gradients: tf.NamedTensorMap): void {
    this.#beta1Power.assign(this.#beta1Power.mul(BETA1));
    this.#beta2Power.assign(this.#beta2Power.mul(BETA2));
    const one = tf.scalar(1);
    const meanScale = one.sub(this.#beta1Power);
    const squareScale = one.sub(this.#beta2Power);
    // The rate of the paper's section 2, with both bias corrections in it.
    const rate = learningRate.mul(squareScale.sqrt()).div(meanScale);
    for (const { weight, mean, square } of this.#slots.values()) {
      const gradient = gradients[weight.name];
      if (gradient === undefined) continue;
      mean.assign(mean.add(gradient.sub(mean).mul(1 - BETA1)));
      square.assign(
        square.add(gradient.square().sub(square).mul(1 - BETA2)),
      );
      const step = mean.mul(rate).div(square.sqrt().add(EPSILON));
      weight.assign(weight.sub(step));
    }
  }

  /** Frees its state. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Frees its state. */
  dispose(): void {
    for (const variable of this.state().values()) variable.dispose();
  }
}

/** A variable that training does not change by gradients. */
function variable<R extends tf.Rank>(
  start: () => tf.Tensor<R>,
): tf.Variable<R> {
  return tf.tidy(() => tf.variable(start(), false) as tf.Variable<R>);
}

function mapTensors<Parts extends object>(
  parts: Parts,
  change: (tensor: tf.Tensor) => tf.Tensor,
): Parts {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      part instanceof tf.Tensor ? change(part) : part,
    ]),
  ) as Parts;
}

/**
 * The gradients' means over the workers of a cluster. Those of the last layers
 * come first, since the backward pass finishes them first.
 */
function average(
  gradients: tf.NamedTensorMap,
  options: AllReduceOptions,
): tf.NamedTensorMap {
  if (currentCluster() === undefined) return gradients;
  const names = Object.keys(gradients).reverse();
  const means = allReduceMean(names.map((name) => gradients[name]!), options);
  return Object.fromEntries(names.map((name, i) => [name, means[i]!]));
}
