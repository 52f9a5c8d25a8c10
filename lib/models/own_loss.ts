/**
 * What a network minimises on images of its own, whatever its kind.
 *
 * @module
 */

import { type Seed, tf } from "@/tensorflow/mod.ts";
import type { Autoencoder } from "./autoencoder.ts";
import { isVariational, vaeLoss } from "./variational.ts";

/**
 * The loss of a network on images of its own.
 *
 * @param images `[n, size, size, 3]` in 0..1.
 * @param noise Seeds random draws, if the loss has any.
 */
export type OwnLoss = (
  model: Autoencoder,
  images: tf.Tensor4D,
  noise: Seed,
) => tf.Scalar;

/** Mean squared error, a scalar. */
export function squaredError(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return a.sub(b).square().mean() as tf.Scalar;
}

/** The mean squared error of images out of their codes. */
export const reconstructionLoss: OwnLoss = (model, images) =>
  tf.tidy(() => squaredError(model.decode(model.encode(images)), images));

/**
 * Of a variational network its own loss, of any other the mean squared error.
 *
 * @param beta What the distance from the prior counts.
 */
export function lossOfKind(beta: number): OwnLoss {
  return (model, images, noise) =>
    isVariational(model)
      ? tf.tidy(() => vaeLoss(model, images, beta, noise).loss)
      : reconstructionLoss(model, images, noise);
}
