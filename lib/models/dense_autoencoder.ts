/**
 * The write-up's fully connected autoencoder: every number of a layer depends
 * on every number of the layer before.
 *
 *     x [n, S, S, 3]
 *     │ flat                           [n, S·S·3]
 *     │ fully connected, ReLU          per hidden layer
 *     │ fully connected                [n, K]
 *     z [n, 1, 1, K]                   the code
 *     │ fully connected, ReLU          the hidden layers, mirrored
 *     │ fully connected                [n, S·S·3]
 *     x̂ [n, S, S, 3]
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { type Autoencoder, joinAutoencoder } from "./autoencoder.ts";
import { dense } from "./layers.ts";

/** What decides the shape of a fully connected autoencoder. */
export interface DenseShape {
  /** Side of the images, S. */
  readonly size: number;
  /** Numbers of each hidden layer of the encoder; may be empty. */
  readonly hidden: readonly number[];
  /** Numbers of the code, K. */
  readonly units: number;
}

/** Settings of {@linkcode denseAutoencoder}. */
export interface DenseAutoencoderSettings extends DenseShape {
  /** Seed of the initial weights. */
  readonly seed: number;
}

/**
 * Makes a fully connected autoencoder with random initial weights.
 *
 * @param settings Its shape and seed.
 * @returns The autoencoder.
 *
 * @example
 * ```ts
 * import { denseAutoencoder } from "@/models/mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const model = denseAutoencoder({ size: 4, hidden: [9], units: 2, seed: 1 });
 * const codes = model.encode(tf.zeros([5, 4, 4, 3]));
 * assertEquals(codes.shape, [5, 1, 1, 2]);
 * assertEquals(model.decode(codes).shape, [5, 4, 4, 3]);
 * model.dispose();
 * ```
 */
export function denseAutoencoder(
  { size, hidden, units, seed }: DenseAutoencoderSettings,
): Autoencoder {
  const relu = (name: string, start: number) => (width: number, i: number) =>
    dense({
      name: `${name}_${i}`,
      units: width,
      activation: "relu",
      seed: start + i,
    });
  const encoder = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [size, size, 3] }), // [n, S * S * 3]
      ...hidden.map(relu("analysis", seed)),
      dense({ name: "analysis_code", units, seed: seed + 100 }), // [n, K]
      tf.layers.reshape({ targetShape: [1, 1, units] }),
    ],
  });
  const decoder = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [1, 1, units] }), // [n, K]
      ...hidden.toReversed().map(relu("synthesis", seed + 300)),
      dense({
        name: "synthesis_image",
        units: size * size * 3,
        seed: seed + 400,
      }), // [n, S * S * 3]
      tf.layers.reshape({ targetShape: [size, size, 3] }),
    ],
  });
  return joinAutoencoder(encoder, decoder);
}

/** How large a network is. */
export interface NetworkSize {
  /** Number of weights. */
  readonly parameters: number;
  /**
   * Minimum bytes that training holds: each weight, its gradient and Adam's
   * two moments, in 32 bits each. Images and layers' outputs come on top.
   */
  readonly trainingBytes: number;
}

/** A weight, its gradient and two moments of 4 bytes each. */
const TRAINING_BYTES = 4 * 4;

/**
 * Counts the weights of a fully connected autoencoder without making it.
 *
 * @param shape Its shape.
 * @returns Weights, and bytes to train them.
 *
 * @example
 * ```ts
 * import { denseSize } from "@/models/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * // 12 numbers to 2 and back, with a bias for each output.
 * assertEquals(denseSize({ size: 2, hidden: [], units: 2 }), {
 *   parameters: 12 * 2 + 2 + 2 * 12 + 12,
 *   trainingBytes: 62 * 16,
 * });
 * ```
 */
export function denseSize({ size, hidden, units }: DenseShape): NetworkSize {
  const widths = [size * size * 3, ...hidden, units];
  const kernels = widths.slice(1)
    .reduce((sum, width, i) => sum + width * widths[i]!, 0);
  const inner = hidden.reduce((sum, width) => sum + width, 0);
  const parameters = 2 * kernels + 2 * inner + units + widths[0]!;
  return { parameters, trainingBytes: parameters * TRAINING_BYTES };
}
