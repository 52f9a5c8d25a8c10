/**
 * Something more before an autoencoder's encoder, behind it, or both: scaled
 * images, or a fully connected layer.
 *
 *     images ▶ before ▶ encoder ▶ behind ▶ code
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type Autoencoder, IMAGE_OFFSET, trainable } from "./autoencoder.ts";
import { dense } from "./layers.ts";
import { isVariational } from "./variational.ts";

/** What is put around an encoder. */
export interface EncoderWrap {
  /** Images to what the encoder takes, of the same shape; none by default. */
  readonly before?: (images: tf.Tensor4D) => tf.Tensor4D;
  /** Codes to codes, of the same shape; none by default. */
  readonly behind?: (codes: tf.Tensor4D) => tf.Tensor4D;
}

/**
 * Wraps the encoder of a network. If it is variational, the mean goes through
 * both steps, and the log variance only through the first.
 *
 * @param model The network; it belongs to the result.
 * @param wrap What is put around its encoder.
 * @returns The same network with another encoder.
 */
export function wrapEncoder<Network extends Autoencoder>(
  model: Network,
  { before = same, behind = same }: EncoderWrap,
): Network {
  const encode = (images: tf.Tensor4D) =>
    tf.tidy(() => behind(model.encode(before(images))));
  if (!isVariational(model)) return { ...model, encode };
  const posterior = (images: tf.Tensor4D) =>
    tf.tidy(() => {
      const { mean, logVariance } = model.posterior(before(images));
      return { mean: behind(mean), logVariance };
    });
  return { ...model, encode, posterior };
}

function same(tensor: tf.Tensor4D): tf.Tensor4D {
  return tensor;
}

/** What is subtracted from each colour channel, and what it is divided by. */
export interface ImageScale {
  /** Red, green, blue; such as means. */
  readonly shift: readonly number[];
  /** Red, green, blue; such as standard deviations, positive. */
  readonly scale: readonly number[];
}

/**
 * Makes an autoencoder see scaled images: standardised, or normalised to 0..1.
 * Images go in and come out in 0..1 as before.
 *
 *     x ▶ (x − shift) / scale ▶ encoder ▶ z ▶ decoder ▶ · scale + shift ▶ x̂
 *
 * @param model The network; it sees scaled images, with no other offset.
 * @param scale How images are scaled.
 * @returns The network with its scale.
 * @throws {RangeError} If there are not three numbers each, or a scale is not
 * positive.
 */
export function scaleAutoencoder<Network extends Autoencoder>(
  model: Network,
  { shift, scale }: ImageScale,
): Network {
  if (shift.length !== 3) throw invalid("shift", "three numbers", shift);
  if (scale.length !== 3 || !scale.every((value) => value > 0)) {
    throw invalid("scale", "three positive numbers", scale);
  }
  return {
    ...wrapEncoder(model, {
      before: (images) =>
        images.sub(tf.tensor1d([...shift])).div(tf.tensor1d([...scale]))
          .add(IMAGE_OFFSET) as tf.Tensor4D,
    }),
    decode: (codes) =>
      tf.tidy(() =>
        model.decode(codes).sub(IMAGE_OFFSET).mul(tf.tensor1d([...scale]))
          .add(tf.tensor1d([...shift])) as tf.Tensor4D
      ),
  };
}

/** What decides the fully connected layer of {@linkcode denseMiddle}. */
export interface DenseMiddleSettings {
  /** Numbers in between, K. */
  readonly units: number;
  /** Seed of the initial weights. */
  readonly seed: number;
}

/**
 * Puts a fully connected layer behind an autoencoder's encoder, so that each
 * number of the code can depend on the whole image.
 *
 *     encoder ▶ [side, side, C] ▶ flat, N ▶ K ▶ N ▶ z [side, side, C] ▶ decoder
 *
 * In one piece it would have N · N weights: with 43x43x8 that is
 * 14,792 · 14,792, or 219 million. So it goes through K numbers in between,
 * and has 2 · N · K.
 *
 * @param model The network; it belongs to the result and is disposed with it.
 * @param settings Numbers in between and seed.
 * @returns The network with the layer.
 *
 * @example
 * ```ts
 * import { convAutoencoder, denseMiddle } from "@/models/mod.ts";
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
  const own = trainable([middle]);
  const dispose = () => {
    own.dispose();
    model.dispose();
  };
  return {
    ...wrapEncoder(model, {
      behind: (codes) => middle.apply(codes) as tf.Tensor4D,
    }),
    parameters: model.parameters + own.parameters,
    weights: () => new Map([...model.weights(), ...own.weights()]),
    dispose,
    [Symbol.dispose]: dispose,
  };
}
