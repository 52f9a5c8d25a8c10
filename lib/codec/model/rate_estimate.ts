/**
 * Estimates of rates that have gradients, for training and refinement.
 *
 * @module
 */

import { customGrad, type Tensor } from "@tensorflow/tfjs";
import { sub } from "@tensorflow/tfjs";

/** Added to every scale, in steps: no latent is ever entirely certain. */
export const MIN_SCALE = 0.05;

/** From a logistic distribution's standard deviation to its scale. */
const LOGISTIC = Math.sqrt(3) / Math.PI;

/**
 * Bits of whole numbers with a logistic distribution.
 *
 * @param error The numbers minus the mean, in steps.
 * @param scale Binary logarithm of the standard deviation in steps.
 * @param jitter Noise in -0.5..0.5 that replaces rounding; by default numbers
 * are rounded.
 * @returns Bits, in the shape of the errors.
 */
export function logisticBits(
  error: Tensor,
  scale: Tensor,
  jitter?: Tensor,
): Tensor {
  const value = (jitter === undefined ? roundThrough(error) : error.add(jitter))
    .abs();
  const width = scaleOf(scale);
  // On the side where both are small, so that their difference is exact.
  const upper = sub(0.5, value).div(width).sigmoid();
  const lower = sub(-0.5, value).div(width).sigmoid();
  return upper.sub(lower).maximum(1e-9).log().mul(-1 / Math.LN2);
}

/**
 * The scale of a logistic distribution.
 *
 * @param scale Binary logarithm of the standard deviation in steps.
 * @returns In steps.
 */
export function scaleOf(scale: Tensor): Tensor {
  return scale.mul(Math.LN2).exp().add(MIN_SCALE).mul(LOGISTIC);
}

/**
 * Rounds; the gradient passes as if it did not.
 *
 * @param x Any numbers.
 * @returns Whole numbers, in the shape of x.
 */
export const roundThrough: (x: Tensor) => Tensor = customGrad((x) => ({
  value: (x as Tensor).round(),
  gradFunc: (dy: Tensor) => dy,
}));
