/**
 * Rounding as the encoder does it, by the costs of its tables, with gradients
 * towards where latents should be.
 *
 * @module
 */

import { valueCosts } from "@/codec/encode/choose_value.ts";
import {
  GAUSSIAN_SCALES,
  UNIT_SCALE,
} from "@/codec/entropy/gaussian_tables.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import type { CodecModel } from "@/codec/model/codec_model.ts";
import { logisticBits } from "@/codec/model/rate_estimate.ts";
import { tf } from "@/tensorflow/mod.ts";

/** A prediction of a group's latents, in steps. */
export interface Predicted {
  /** Their means. */
  readonly mean: tf.Tensor;
  /** Binary logarithms of their scales. */
  readonly log: tf.Tensor;
}

/** The weights of bits and errors in rounding. */
export interface RoundingCosts {
  /** Bits that a squared error of one step is worth, `[channels]`. */
  readonly errorCost: tf.Tensor;
  /** The weight of bits. */
  readonly rateWeight: number;
  /** 1 for blocks that are coded; the others are as predicted. */
  readonly used: tf.Tensor;
  /** From {@linkcode bitsOfTables}. */
  readonly tableBits: tf.Tensor1D;
}

/** Rounded latents. */
export interface Rounded {
  /** The whole numbers that are coded. */
  readonly whole: tf.Tensor;
  /** The latents that are decoded: the whole numbers plus the means. */
  readonly value: tf.Tensor;
}

/**
 * Rounds to the cheapest whole number of the nearest, the next one towards 0,
 * and 0, as `choose_value.ts` does.
 *
 * The gradient passes from the value to the latent as if it were not rounded.
 * When a mean changes, a whole number of 0 stays 0 and the value follows the
 * mean; any other whole number follows the mean, and the value stays.
 *
 * @param latents In steps, `[1, h, w, channels]`.
 * @param predicted The mean and scale of each.
 * @param costs The weights of bits and errors.
 * @returns The rounded latents, in the same shape.
 */
export function roundCheapest(
  latents: tf.Tensor,
  { mean, log }: Predicted,
  { errorCost, rateWeight, used, tableBits }: RoundingCosts,
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
 * Bits of whole numbers by the tables. Tables have no gradient, so the one of a
 * logistic distribution is used, as in training.
 *
 * @param whole The numbers.
 * @param log Binary logarithms of their scales in steps.
 * @param tableBits From {@linkcode bitsOfTables}.
 * @returns Bits, in the shape of the numbers.
 */
export function bitsOf(
  whole: tf.Tensor,
  log: tf.Tensor,
  tableBits: tf.Tensor1D,
): tf.Tensor {
  const smooth = logisticBits(whole, log, tf.scalar(0));
  const exact = constant(whole, (whole) => lookUp(tableBits, log, whole));
  return smooth.sub(constant(smooth)).add(exact);
}

/** Maximum value that is looked up, of either sign. */
const MAX_VALUE = 200;

/** Places per table in the tensor that is looked up. */
const PLACES = 2 * MAX_VALUE + 1;

/**
 * Bits of each value of each table, to be looked up.
 *
 * @param model Its tables are used.
 * @returns One row of bits after the other.
 */
export function bitsOfTables({ tables }: CodecModel): tf.Tensor1D {
  const costs = valueCosts(tables);
  return tf.tensor1d(
    Float32Array.from(
      { length: GAUSSIAN_SCALES * PLACES },
      (_, i) => costs(Math.floor(i / PLACES), i % PLACES - MAX_VALUE),
    ),
  );
}

function lookUp(
  tableBits: tf.Tensor1D,
  log: tf.Tensor,
  whole: tf.Tensor,
): tf.Tensor {
  // As `tableOf` in `latent_coder.ts`, to half a unit of the whole number.
  const table = log.mul(OCTAVE).add(4).div(8).floor().add(UNIT_SCALE)
    .clipByValue(0, GAUSSIAN_SCALES - 1);
  const place = whole.round().clipByValue(-MAX_VALUE, MAX_VALUE)
    .add(MAX_VALUE);
  // `gather` would check the places, and wait for them.
  const places = table.mul(PLACES).add(place).cast("int32").expandDims(-1);
  return tf.gatherND(tableBits, places);
}

/**
 * Zeros with the gradient of the squared error that rounding made. Together with
 * the value's gradient it is the gradient at the latent itself.
 *
 * @param latents In steps.
 * @param value The same latents, rounded.
 * @param errorCost Bits that a squared error of one step is worth.
 * @returns Zeros, in the shape of the latents.
 */
export function pull(
  latents: tf.Tensor,
  value: tf.Tensor,
  errorCost: tf.Tensor,
): tf.Tensor {
  const slope = constant(latents.sub(value).mul(errorCost).mul(2));
  return latents.sub(constant(latents)).mul(slope);
}

/** A function of x, by default x itself, that gradients do not pass. */
function constant(
  x: tf.Tensor,
  make: (x: tf.Tensor) => tf.Tensor = (x) => x.clone(),
): tf.Tensor {
  return tf.customGrad((x) => ({
    value: make(x as tf.Tensor),
    gradFunc: () => tf.zerosLike(x as tf.Tensor),
  }))(x);
}
