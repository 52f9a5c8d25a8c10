/**
 * Variational autoencoders of any shape: a distribution for each image in
 * place of a code, its samples, its distance from the prior, and the loss.
 *
 *     x ▶ encoder ─┬─▶ mean ─────────┐
 *                  └─▶ log variance ─┴─▶ z = mean + deviation · noise ▶ decoder ▶ x̂
 *
 * D. P. Kingma and M. Welling, "Auto-Encoding Variational Bayes", 2014. The
 * weight of the distance is from I. Higgins et al., "beta-VAE: Learning Basic
 * Visual Concepts with a Constrained Variational Framework", 2017.
 *
 * @module
 */

import { randomNormal, type Seed, tf } from "@/tensorflow/mod.ts";
import {
  type Autoencoder,
  IMAGE_OFFSET,
  joinAutoencoder,
  outputsOf,
} from "./autoencoder.ts";

/** Normal distributions of codes, independent in each number. */
export interface Posterior {
  /** `[n, side, side, C]`. */
  readonly mean: tf.Tensor4D;
  /**
   * Natural logarithms of the variances, of the same shape, within
   * ±{@linkcode LOG_VARIANCE_BOUND}.
   */
  readonly logVariance: tf.Tensor4D;
}

/** An autoencoder whose `encode` gives the mean of a distribution. */
export interface VariationalAutoencoder extends Autoencoder {
  /**
   * Encodes images as distributions of codes.
   *
   * @param images `[n, size, size, 3]` in 0..1.
   * @returns One distribution per image.
   */
  posterior(images: tf.Tensor4D): Posterior;
}

/**
 * Says whether a network gives distributions.
 *
 * @param model A network.
 */
export function isVariational(
  model: Autoencoder,
): model is VariationalAutoencoder {
  return "posterior" in model;
}

/** The loss and its parts. */
export interface VaeLoss {
  /** `reconstruction + beta * kl`. */
  readonly loss: tf.Scalar;
  /** Mean squared error of the images decoded from sampled codes. */
  readonly reconstruction: tf.Scalar;
  /**
   * Distance of the codes' distributions from the prior, in nats per number of
   * the images: the sum over a code, divided by `size * size * 3`.
   */
  readonly kl: tf.Scalar;
}

/**
 * Log variances stay within this bound, so deviations are from 0.0067 to 148.
 * They approach it as a hyperbolic tangent does, so that there is always a
 * gradient back.
 */
export const LOG_VARIANCE_BOUND = 10;

/**
 * Joins an encoder of two outputs and a decoder.
 *
 * @param encoder Takes images minus 0.5; gives means and log variances, which
 * are bounded here.
 * @param decoder Takes codes; gives images minus 0.5.
 * @returns The autoencoder, which owns both.
 */
export function joinVariational(
  encoder: tf.LayersModel,
  decoder: tf.LayersModel,
): VariationalAutoencoder {
  return {
    ...joinAutoencoder(encoder, decoder),
    posterior: (images) =>
      tf.tidy(() => {
        const [mean, free] = outputsOf(encoder, images.sub(IMAGE_OFFSET));
        const logVariance = free!.div(LOG_VARIANCE_BOUND).tanh()
          .mul(LOG_VARIANCE_BOUND) as tf.Tensor4D;
        return { mean: mean!, logVariance };
      }),
  };
}

/**
 * Draws a code from each distribution, so that gradients reach its mean and
 * its variance: Kingma and Welling, section 2.4.
 *
 * @param posterior The distributions.
 * @param noise The same seed draws the same codes.
 * @returns `[n, side, side, C]`.
 */
export function samplePosterior(
  { mean, logVariance }: Posterior,
  noise: Seed,
): tf.Tensor4D {
  return tf.tidy(() =>
    mean.add(
      logVariance.div(2).exp().mul(randomNormal(mean.shape, noise)),
    ) as tf.Tensor4D
  );
}

/**
 * Computes the Kullback-Leibler divergence of distributions from the prior,
 * which has mean 0 and variance 1: Kingma and Welling, appendix B.
 *
 * @param posterior The distributions.
 * @returns `[n, side, side, C]`, in nats, not negative. As the numbers are
 * independent, the divergence of a code is their sum.
 */
export function klFromPrior({ mean, logVariance }: Posterior): tf.Tensor4D {
  return tf.tidy(() =>
    mean.square().add(logVariance.exp()).sub(1).sub(logVariance)
      .div(2) as tf.Tensor4D
  );
}

/** A batch and how to weigh its loss. */
export interface VaeBatch {
  /** `[n, size, size, 3]` in 0..1. */
  readonly images: tf.Tensor4D;
  /** Weight of the distance from the prior; not negative. */
  readonly beta: number;
  /** Seed of the samples. */
  readonly noise: Seed;
}

/**
 * Computes the loss of a batch from one sample per image.
 *
 * It is the negative evidence lower bound of a decoder that gives the mean of
 * a normal distribution of variance σ², for each number of the images, times
 * 2σ² and without a constant:
 *
 *     −log p(x | z) + KL = (x − x̂)² / 2σ² + KL + …
 *
 * So `beta` = 2σ²: it says which errors are harmless. With `beta` near 0, the
 * network is nearly a plain autoencoder.
 *
 * @param model Any variational autoencoder.
 * @param batch Images, weight and seed.
 * @returns The loss and its parts.
 *
 * @example
 * ```ts
 * import { vaeLoss, variationalAutoencoder } from "@/models/mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const model = variationalAutoencoder({
 *   size: 8,
 *   widths: [4],
 *   latentChannels: 2,
 *   seed: 1,
 * });
 * const { loss, reconstruction, kl } = vaeLoss(model, {
 *   images: tf.zeros([2, 8, 8, 3]),
 *   beta: 0.01,
 *   noise: 1,
 * });
 * assertAlmostEquals(
 *   loss.dataSync()[0]!,
 *   reconstruction.dataSync()[0]! + 0.01 * kl.dataSync()[0]!,
 *   1e-6,
 * );
 * model.dispose();
 * ```
 */
export function vaeLoss(
  model: VariationalAutoencoder,
  { images, beta, noise }: VaeBatch,
): VaeLoss {
  return tf.tidy(() => {
    const posterior = model.posterior(images);
    const decoded = model.decode(samplePosterior(posterior, noise));
    const reconstruction = decoded.sub(images).square().mean() as tf.Scalar;
    const kl = klFromPrior(posterior).sum().div(images.size) as tf.Scalar;
    const loss = reconstruction.add(kl.mul(beta)) as tf.Scalar;
    return { loss, reconstruction, kl };
  });
}
