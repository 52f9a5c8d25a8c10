/**
 * Rounding as the encoder does it, by the costs of its tables, with gradients
 * towards where coefficients should be.
 *
 * @module
 */

import { valueCosts } from "@/codec/entropy/value_costs.ts";
import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import {
  GAUSSIAN_SCALES,
  UNIT_SCALE,
} from "@/codec/entropy/gaussian_tables.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { COARSE_OFFSET } from "@/codec/model/nested_quantiser.ts";
import { logisticBits } from "@/codec/model/rate_estimate.ts";
import { tf } from "@/tensorflow/mod.ts";

/** A prediction of a group's coefficients, in steps. */
export interface Predicted {
  /** Their means. */
  readonly mean: tf.Tensor;
  /** Binary logarithms of their scales. */
  readonly log: tf.Tensor;
}

/** The weights of bits and errors in rounding. */
export interface RoundingCosts {
  /** Bits that a squared error of one step is worth. */
  readonly errorCost: tf.Tensor;
  /** The weight of bits. */
  readonly rateWeight: number;
  /** 1 for cells that are coded; the others are as predicted. */
  readonly used: tf.Tensor;
  /** From {@linkcode bitsOfTables}. */
  readonly tableBits: tf.Tensor1D;
}

/**
 * Rounds to the cheapest whole number of the nearest, the next one towards 0,
 * and 0, as the encoder does. No gradient passes to the coefficient; when a mean
 * changes, a whole number of 0 stays 0, and any other follows it.
 *
 * @param wanted Coefficients in steps, `[1, h, w, channels]`.
 * @param predicted The mean and scale of each.
 * @param costs The weights of bits and errors.
 * @returns The whole numbers that are coded, in the same shape.
 */
export function roundCheapest(
  wanted: tf.Tensor,
  { mean, log }: Predicted,
  { errorCost, rateWeight, used, tableBits }: RoundingCosts,
): tf.Tensor {
  const whole = constant(wanted, (wanted) => {
    const difference = wanted.sub(mean);
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
  return whole.sub(change(mean).mul(isNotZero(whole)));
}

/**
 * What is decoded. The gradient passes to the coefficient as if it were not
 * rounded; a value of 0 follows the mean, and others stay where they are.
 *
 * @param wanted Coefficients in steps.
 * @param mean Their means.
 * @param value What the decoder adds to the means.
 * @returns The sum, in the shape of the coefficients.
 */
export function decoded(
  wanted: tf.Tensor,
  mean: tf.Tensor,
  value: tf.Tensor,
): tf.Tensor4D {
  const follows = change(mean).mul(tf.sub(1, isNotZero(value)));
  return constant(value).add(constant(mean)).add(change(wanted))
    .add(follows) as tf.Tensor4D;
}

/**
 * Where the coarse cells of whole numbers lie; see `nested_quantiser.ts`.
 *
 * @param whole The numbers.
 * @param cells Fine cells in a coarse one, `[]`.
 * @returns In steps, in the same shape, without a gradient.
 */
export function coarsePoint(whole: tf.Tensor, cells: tf.Tensor): tf.Tensor {
  return constant(whole, (whole) => {
    // The remainder of a division may be lost.
    const index = whole.round().abs().add(0.5).div(cells).floor();
    const middle = cells.sub(1).mul(COARSE_OFFSET / 16).mul(index.minimum(1));
    return index.mul(cells).add(middle).mul(whole.sign());
  });
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
  return change(smooth).add(exact);
}

/** Maximum value that is looked up, of either sign. */
const MAX_VALUE = 200;

/** Places per table in the tensor that is looked up. */
const PLACES = 2 * MAX_VALUE + 1;

/**
 * Bits of each value of each table, to be looked up.
 *
 * @param tables The model's tables.
 * @returns One row of bits after the other.
 */
export function bitsOfTables(tables: FrequencyTables): tf.Tensor1D {
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
 * the value's gradient it is the gradient at the coefficient itself.
 *
 * @param wanted In steps.
 * @param value The same coefficients, rounded.
 * @param errorCost Bits that a squared error of one step is worth.
 * @returns Zeros, in the shape of the coefficients.
 */
export function pull(
  wanted: tf.Tensor,
  value: tf.Tensor,
  errorCost: tf.Tensor,
): tf.Tensor {
  const slope = constant(wanted.sub(value).mul(errorCost).mul(2));
  return change(wanted).mul(slope);
}

/** Zeros with the gradient of x. */
function change(x: tf.Tensor): tf.Tensor {
  return x.sub(constant(x));
}

function isNotZero(x: tf.Tensor): tf.Tensor {
  return constant(x, (x) => x.notEqual(0).cast("float32"));
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
