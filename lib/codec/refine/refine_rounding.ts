/**
 * Rounding as the encoder does it, by the costs of its tables, with gradients
 * that tell where latents should be.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import { valueCosts } from "@/codec/encode/choose_value.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import {
  GAUSSIAN_SCALES,
  UNIT_SCALE,
} from "@/codec/entropy/gaussian_tables.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { bits } from "@/codec/training/objective.ts";

/** Of a group's latents, in steps. */
export interface Predicted {
  /** What they are expected to be. */
  readonly mean: tf.Tensor;
  /** Binary logarithm of the scale. */
  readonly log: tf.Tensor;
}

/** Latents as they are coded, and as they are decoded. */
export interface Rounded {
  /** The whole numbers. */
  readonly whole: tf.Tensor;
  /** They and the means. */
  readonly value: tf.Tensor;
}

/**
 * Rounds to the cheapest whole number of the nearest, the next nearer to 0, and
 * 0, as in `choose_value.ts`.
 *
 * The gradient passes from the value to the latent as if it were not rounded.
 * Where a mean changes, a value of 0 stays 0 and the latent follows the mean;
 * another value follows the mean, and the latent stays.
 *
 * @param latents In steps, `[1, h, w, channels]`.
 * @param predicted Mean and scale of each.
 * @param errorCost Bits that a squared error of one step is worth, `[channels]`.
 * @param rateWeight How much bits count.
 * @param used 1 for blocks that are coded; the others are as predicted.
 * @param tableBits From {@linkcode bitsOfTables}.
 */
export function round(
  latents: tf.Tensor,
  { mean, log }: Predicted,
  errorCost: tf.Tensor,
  rateWeight: number,
  used: tf.Tensor,
  tableBits: tf.Tensor1D,
): Rounded {
  const whole = constant(latents, (latents) => {
    const difference = latents.sub(mean);
    const cost = (value: tf.Tensor) =>
      lookUp(tableBits, log, value).mul(rateWeight)
        .add(difference.sub(value).square().mul(errorCost));
    const nearest = difference.round();
    const lower = nearest.sub(nearest.sign());
    const none = tf.zerosLike(nearest);
    const [nearestCost, lowerCost] = [cost(nearest), cost(lower)];
    const isLower = lowerCost.lessEqual(nearestCost);
    const best = tf.where(isLower, lower, nearest);
    const isNone = cost(none).lessEqual(lowerCost.minimum(nearestCost));
    return tf.where(isNone, none, best).mul(used);
  });
  const isNone = constant(whole, (whole) => whole.equal(0).cast("float32"));
  // Both are 0, but for their gradients.
  const shift = mean.sub(constant(mean));
  const own = latents.sub(constant(latents));
  return {
    whole: whole.sub(shift.mul(tf.sub(1, isNone))),
    value: whole.add(constant(mean)).add(own).add(shift.mul(isNone)),
  };
}

/**
 * Bits of whole numbers, by the tables. They have no gradient; that of a
 * logistic distribution, which training takes, stands for it.
 *
 * @param whole The numbers.
 * @param log Binary logarithms of their scales in steps.
 * @param tableBits From {@linkcode bitsOfTables}.
 */
export function bitsOf(
  whole: tf.Tensor,
  log: tf.Tensor,
  tableBits: tf.Tensor1D,
): tf.Tensor {
  const smooth = bits(whole, log, tf.scalar(0));
  const exact = constant(whole, (whole) => lookUp(tableBits, log, whole));
  return smooth.sub(constant(smooth)).add(exact);
}

/** Values that are looked up, of either sign. */
const GREATEST_VALUE = 200;

/** Places of a table among looked up bits. */
const PLACES = 2 * GREATEST_VALUE + 1;

/** Bits of each value of each table, to be looked up. */
export function bitsOfTables({ model }: LoadedModel): tf.Tensor1D {
  const costs = valueCosts(model.tables);
  return tf.tensor1d(
    Float32Array.from(
      { length: GAUSSIAN_SCALES * PLACES },
      (_, i) => costs(Math.floor(i / PLACES), i % PLACES - GREATEST_VALUE),
    ),
  );
}

function lookUp(
  tableBits: tf.Tensor1D,
  log: tf.Tensor,
  whole: tf.Tensor,
): tf.Tensor {
  // As `tableOf` does, to half a unit of the predicted whole number.
  const table = log.mul(OCTAVE).add(4).div(8).floor().add(UNIT_SCALE)
    .clipByValue(0, GAUSSIAN_SCALES - 1);
  const place = whole.round().clipByValue(-GREATEST_VALUE, GREATEST_VALUE)
    .add(GREATEST_VALUE);
  // `gather` would look at the places, which has to wait for them.
  const places = table.mul(PLACES).add(place).cast("int32").expandDims(-1);
  return tf.gatherND(tableBits, places);
}

/**
 * Nothing, with the gradient of a squared error that rounding made: together
 * with that of the value it is the gradient where the latent itself is.
 *
 * @param latents In steps.
 * @param value What they are rounded to.
 * @param errorCost Bits that a squared error of one step is worth.
 */
export function pull(
  latents: tf.Tensor,
  value: tf.Tensor,
  errorCost: tf.Tensor,
): tf.Tensor {
  const slope = constant(latents.sub(value).mul(errorCost).mul(2));
  return latents.sub(constant(latents)).mul(slope);
}

/** A function of x, or x itself, that gradients do not pass. */
function constant(
  x: tf.Tensor,
  make: (x: tf.Tensor) => tf.Tensor = (x) => x.clone(),
): tf.Tensor {
  return tf.customGrad((x) => ({
    value: make(x as tf.Tensor),
    gradFunc: () => tf.zerosLike(x as tf.Tensor),
  }))(x);
}
