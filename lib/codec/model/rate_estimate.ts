/**
 * Estimates of rates that have gradients, for training and refinement.
 *
 * @module
 */

import type { GradSaveFunc, Tensor, Tensor4D } from "@tensorflow/tfjs";
import { customGrad, minimum, sub } from "@tensorflow/tfjs";

/** Added to every scale, in steps: no latent is ever entirely certain. */
const MIN_SCALE = 0.05;

/** Maximum of a scale, as a binary logarithm; tables end at 7. */
const MAX_LOG_SCALE = 8;

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
  return minimum(scale, MAX_LOG_SCALE).mul(Math.LN2).exp().add(MIN_SCALE)
    .mul(LOGISTIC);
}

/** How far rounding leans towards 0, for a logistic distribution of scale 1. */
const LEAN = 0.03;

/** Maximum of how far rounding leans towards 0, in steps. */
const MAX_LEAN = 0.45;

/**
 * Moves numbers towards 0, so that rounding them gives about the values that an
 * encoder chooses by bits and errors: the rarer a value beside the one below it,
 * the more. The gradient passes as if it did not.
 *
 * A value takes about 0.72 / s bits more than the one below, for a logistic
 * distribution of scale s, and a squared step is worth 6 / ln 2 bits at
 * `bestStep`.
 *
 * @param error The numbers minus the mean, in steps.
 * @param scale Binary logarithm of the standard deviation in steps.
 * @returns Numbers in steps.
 */
export function leanToZero(error: Tensor4D, scale: Tensor): Tensor4D {
  const lean = minimum(scaleOf(scale).reciprocal().mul(LEAN), MAX_LEAN);
  const op = customGrad((x) => ({
    value: (x as Tensor).abs().sub(lean).relu().mul((x as Tensor).sign()),
    gradFunc: (dy: Tensor) => dy,
  }));
  return op(error) as Tensor4D;
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

/**
 * Rounds latents that are given, not learned. Where a value is 0, the latent is
 * decoded as its mean, and no gradient passes, so that the mean learns from the
 * error; other values follow the latent whatever the mean, and the gradient
 * passes as if they were not rounded.
 *
 * @param x In steps.
 * @param round Rounds; to the nearest by default.
 * @returns Values in steps, in the shape of x.
 */
export function roundGiven(
  x: Tensor,
  round: (x: Tensor) => Tensor = (x) => x.round(),
): Tensor {
  return customGrad((x, save) => {
    const value = round(x as Tensor);
    (save as GradSaveFunc)([value]);
    return {
      value,
      gradFunc: (dy: Tensor, [value]: Tensor[]) =>
        dy.mul(value!.notEqual(0).toFloat()),
    };
  })(x);
}
