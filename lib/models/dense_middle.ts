/**
 * A fully connected layer in the middle of an autoencoder, so that each number
 * of the code can depend on the whole image.
 *
 *     encoder ▶ [side, side, C] ▶ flat, N ▶ K ▶ N ▶ z [side, side, C] ▶ decoder
 *
 * In one piece it would have N · N weights: with 43x43x8 that is
 * 14,792 · 14,792, or 219 million. So it goes through K numbers in between,
 * and has 2 · N · K.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { type Autoencoder, weightsOf } from "./autoencoder.ts";
import { dense } from "./layers.ts";
import { wrapEncoder } from "./wrap_encoder.ts";

/** What decides the layer. */
export interface DenseMiddleSettings {
  /** Numbers in between, K. */
  readonly units: number;
  /** Seed of the first weights. */
  readonly seed: number;
}

/**
 * Puts a fully connected layer behind an autoencoder's encoder.
 *
 * @param model The network; it belongs to the result and is disposed with it.
 * @param settings Numbers in between and seed.
 *
 * @example
 * ```ts
 * import { convAutoencoder, denseMiddle } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const plain = convAutoencoder({
 *   size: 8,
 *   widths: [4],
 *   latentChannels: 2,
 *   seed: 1,
 * });
 * const { parameters } = plain;
 * const model = denseMiddle(plain, { units: 5, seed: 1 });
 * const flat = 4 * 4 * 2;
 * assertEquals(model.parameters - parameters, 2 * flat * 5 + 5 + flat);
 * model.dispose();
 * ```
 */
export function denseMiddle<Network extends Autoencoder>(
  model: Network,
  { units, seed }: DenseMiddleSettings,
): Network {
  const [height, width, channels] = model.latentShape;
  const middle = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [height, width, channels] }), // [n, N]
      dense({ name: "middle_in", units, seed: seed + 700 }), // [n, K]
      dense({
        name: "middle_out",
        units: height * width * channels,
        seed: seed + 701,
      }), // [n, N]
      tf.layers.reshape({ targetShape: [height, width, channels] }),
    ],
  });
  return {
    ...wrapEncoder(model, {
      behind: (codes) => middle.apply(codes) as tf.Tensor4D,
    }),
    parameters: model.parameters + middle.countParams(),
    weights: () => new Map([...model.weights(), ...weightsOf([middle])]),
    dispose: () => {
      middle.dispose();
      model.dispose();
    },
  };
}
