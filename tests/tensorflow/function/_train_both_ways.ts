import { assert } from "@std/assert";
import { compile, tf } from "@/tensorflow/mod.ts";

/** A function that makes a step of training, and frees what it made. */
export interface Training {
  /** Takes a step on a batch and returns the loss. */
  readonly step: (x: tf.Tensor) => tf.Tensor;
  /** Frees networks and optimisers. */
  readonly dispose: () => void;
}

/** Trains a network to give back its input's mean colour. */
export function training(
  makeModel: () => tf.LayersModel,
  optimizer: tf.Optimizer = tf.train.sgd(0.05),
): Training {
  const model = makeModel();
  const weights = model.trainableWeights.map((weight) =>
    weight.read() as tf.Variable
  );
  const loss = (x: tf.Tensor) => {
    const y = model.apply(x, { training: true }) as tf.Tensor;
    return y.sub(0.25).square().mean() as tf.Scalar;
  };
  return {
    step: (x) => optimizer.minimize(() => loss(x), true, weights)!,
    dispose: () => {
      optimizer.dispose();
      model.dispose();
    },
  };
}

/**
 * Asserts that a compiled step has the losses of the eager one.
 *
 * @param make Makes the same training each time it is called.
 * @param steps How many steps are compared.
 */
export function assertSameLosses(
  make: () => Training,
  x: tf.Tensor,
  steps: number,
): void {
  const eager = make(), other = make();
  const compiled = compile(other.step, { name: "step" });
  for (let i = 0; i < steps; i++) {
    const [expected, actual] = [eager.step, compiled].map((step) => {
      const loss = step(x);
      const value = loss.dataSync()[0]!;
      loss.dispose();
      return value;
    });
    const difference = Math.abs(actual! - expected!);
    assert(
      difference <= 1e-5 * Math.max(1, Math.abs(expected!)),
      `Step ${i + 1}: ${actual} compiled, ${expected} eager.`,
    );
  }
  assert(compiled.traces === 1, `It was traced ${compiled.traces} times.`);
  compiled.dispose();
  eager.dispose();
  other.dispose();
}
