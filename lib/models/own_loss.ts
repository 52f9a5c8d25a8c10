/**
 * The loss that a network minimises on its own images, whatever its kind.
 *
 * @module
 */

import { type Seed, tf } from "@/tensorflow/mod.ts";
import type { Autoencoder } from "./autoencoder.ts";
import { isVariational, vaeLoss } from "./variational.ts";

/**
 * The loss of a network on images of its own.
 *
 * @param model The network.
 * @param images `[n, size, size, 3]` in 0..1.
 * @param noise Seeds random draws, if the loss has any.
 * @returns A scalar.
 */
export type OwnLoss = (
  model: Autoencoder,
  images: tf.Tensor4D,
  noise: Seed,
) => tf.Scalar;

/**
 * Computes the mean squared error.
 *
 * @param a A tensor.
 * @param b A tensor of the same shape.
 * @returns A scalar.
 */
export function squaredError(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return a.sub(b).square().mean() as tf.Scalar;
}

/**
 * Computes the mean squared error of images decoded from their codes.
 *
 * @param model Any autoencoder.
 * @param images `[n, size, size, 3]` in 0..1.
 * @returns A scalar.
 */
export function reconstructionLoss(
  model: Autoencoder,
  images: tf.Tensor4D,
): tf.Scalar {
  return tf.tidy(() =>
    squaredError(model.decode(model.encode(images)), images)
  );
}

/**
 * Makes the loss for any kind of network: the variational loss for a
 * variational network, the mean squared error for any other.
 *
 * @param beta Weight of the distance from the prior.
 * @returns The loss.
 */
export function lossOfKind(beta: number): OwnLoss {
  return (model, images, noise) =>
    isVariational(model)
      ? tf.tidy(() => vaeLoss(model, { images, beta, noise }).loss)
      : reconstructionLoss(model, images);
}
