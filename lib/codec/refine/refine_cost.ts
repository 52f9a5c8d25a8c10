/**
 * What the latents of one photo cost as they will be coded, with gradients.
 *
 *     y ▶ rounded as the encoder does ─┬▶ bits, by the entropy networks ─┐
 *                                      └▶ both images ▶ squared errors ──┴▶ cost
 *
 * All values are those that the encoder will have, whole numbers of the entropy
 * networks included; gradients pass their rounding as if it were not there.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";
import {
  HYPER_UNIT,
  LATENT_UNIT,
  LEVEL_UNIT,
  MEAN_UNIT,
  STEP_PARTS,
} from "@/codec/model/code_latents.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { TWO_PASS_GROUPS } from "@/codec/model/codec_weights.ts";
import { CHANNELS, GROUP_SIZES } from "@/codec/model/colour_dct.ts";
import { GREATEST_INPUT } from "@/codec/model/integer_layer.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import {
  hyperSynthesise,
  type Layer,
  mediumReads,
  predictGroup,
  synthesiseHigh,
  synthesiseMedium,
} from "@/codec/model/networks.ts";
import { checkerboard, roundThrough } from "@/codec/training/objective.ts";
import { MEDIUM_SHARE } from "@/codec/model/quality.ts";
import { bitsOf, type Predicted, pull, round } from "./refine_rounding.ts";

/** What latents are refined for; tensors, so that they may change. */
export interface RefineTarget {
  /** The photo's pixels, `[1, 8 h, 8 w, 3]` in 0..1. */
  readonly high: tf.Tensor4D;
  /** Those of the medium image, `[1, 4 h, 4 w, 3]` in 0..1. */
  readonly medium: tf.Tensor4D;
  /** 1 for pixels of the photo, 0 beyond its edge, `[1, 8 h, 8 w, 1]`. */
  readonly highUsed: tf.Tensor4D;
  /** The same of the medium image, `[1, 4 h, 4 w, 1]`. */
  readonly mediumUsed: tf.Tensor4D;
  /** 1 for blocks that are coded, `[1, h, w, 1]`. */
  readonly blocksUsed: tf.Tensor4D;
}

/** What follows from a quality. */
export interface RefineQuality {
  /** λ: bits a pixel for a mean squared error of 1. */
  readonly lambda: tf.Scalar;
  /** The quality in 0..1. */
  readonly level: tf.Scalar;
  /** Steps in a standard deviation, as binary logarithms, `[192]`. */
  readonly stepLogs: tf.Tensor1D;
  /** Bits that a squared error of one step is worth, `[192]`. */
  readonly errorCosts: tf.Tensor1D;
}

/**
 * Bits, and λ times squared errors, of latents that are rounded as the encoder
 * does. The gradient passes rounding as if it were not there; what rounding
 * took is added to it, so that it is the gradient at the latents themselves.
 * Else latents would be driven to where they flip from one value to the next.
 * Of a latent's own bits it knows nothing, since rounding weighs those.
 *
 * @param loaded The model.
 * @param y Latents in steps, `[1, h, w, 192]`.
 * @param hyper The hyper-latent as it is coded, `[1, h / 4, w / 4, Z]`.
 * @param rateWeight How much bits count in rounding.
 * @param tableBits From `bitsOfTables`.
 * @returns Bits; those of the hyper-latent, which stays, are left out.
 */
export function refineCost(
  loaded: LoadedModel,
  y: tf.Tensor4D,
  hyper: tf.Tensor4D,
  target: RefineTarget,
  quality: RefineQuality,
  rateWeight: number,
  tableBits: tf.Tensor1D,
): tf.Scalar {
  const [, rows, columns] = y.shape;
  const layer = wholeLayer(loaded);
  const plane = (rows: number, columns: number, unit: number) =>
    tf.fill([1, rows, columns, 1], unit).mul(quality.level) as tf.Tensor4D;
  const features = hyperSynthesise(
    hyper.mul(HYPER_UNIT).round() as tf.Tensor4D,
    plane(rows / 4, columns / 4, LEVEL_UNIT).round(),
    layer,
  );
  const used = target.blocksUsed;
  const every = checkerboard(rows, columns);
  const other = tf.sub(1, every);
  const known: tf.Tensor4D[] = [];
  const latents: tf.Tensor4D[] = [];
  const costs: tf.Tensor[] = [];
  let first = 0;
  GROUP_SIZES.forEach((size, group) => {
    const own = y.slice([0, 0, 0, first], [-1, -1, -1, size]);
    const stepLog = quality.stepLogs.slice(first, size);
    const errorCost = quality.errorCosts.slice(first, size);
    first += size;
    const step = stepLog.mul(Math.LN2).exp();
    const predict = (more: tf.Tensor4D[]): Predicted => {
      const inputs = tf.concat([features, ...known, ...more], 3);
      const [mean, log] = tf.split(predictGroup(group, inputs, layer), 2, 3);
      return {
        mean: roundThrough(mean!.mul(step).mul(STEP_PARTS / MEAN_UNIT))
          .div(STEP_PARTS), // in steps
        log: log!.div(OCTAVE).add(stepLog),
      };
    };
    const code = (predicted: Predicted) =>
      round(own, predicted, errorCost, rateWeight, used, tableBits);
    const asInput = (value: tf.Tensor) =>
      roundThrough(value.div(step).mul(LATENT_UNIT))
        .clipByValue(-GREATEST_INPUT, GREATEST_INPUT) as tf.Tensor4D;
    const isTwice = TWO_PASS_GROUPS.includes(group);
    let predicted = predict(isTwice ? [tf.zerosLike(own)] : []);
    let { value, whole } = code(predicted);
    if (isTwice) {
      const second = predict([asInput(value).mul(every) as tf.Tensor4D]);
      const mix = (a: tf.Tensor, b: tf.Tensor) =>
        a.mul(every).add(b.mul(other));
      const coded = code(second);
      value = mix(value, coded.value);
      whole = mix(whole, coded.whole);
      predicted = {
        mean: mix(predicted.mean, second.mean),
        log: mix(predicted.log, second.log),
      };
    }
    costs.push(
      bitsOf(whole, predicted.log, tableBits).mul(used).sum(),
      pull(own, value, errorCost.mul(used)).sum(),
    );
    known.push(asInput(value));
    latents.push(value.div(step) as tf.Tensor4D);
  });
  const all = tf.concat(latents, 3);
  const low = all.slice([0, 0, 0, 0], [-1, -1, -1, mediumReads(loaded.real)]);
  const level = plane(rows, columns, 1);
  const error = (image: tf.Tensor4D, wanted: tf.Tensor4D, used: tf.Tensor4D) =>
    image.sub(wanted).mul(255).square().mul(used).mean(3).sum();
  const highError = error(
    synthesiseHigh(all, level, loaded.real),
    target.high,
    target.highUsed,
  );
  const mediumError = error(
    synthesiseMedium(low, level, loaded.real),
    target.medium,
    target.mediumUsed,
  );
  // A pixel of the medium image stands for four.
  const errors = highError.add(mediumError.mul(4 * MEDIUM_SHARE));
  return tf.addN(costs).add(errors.mul(quality.lambda)) as tf.Scalar;
}

/** Layers of whole numbers; gradients pass them as if they did not round. */
function wholeLayer(loaded: LoadedModel): Layer {
  return (x, name, { relu = true, stride = 1 } = {}) => {
    const { filters, bias } = loaded.integer(name);
    // Half of a whole number is in the bias, for rounding.
    const sum = x.conv2d(filters, stride, "same").add(bias).sub(0.5);
    const whole = roundThrough(sum);
    return (relu ? whole.clipByValue(0, GREATEST_INPUT) : whole) as tf.Tensor4D;
  };
}

/**
 * The hyper-latent as it is coded.
 *
 * @param wanted `[1, h / 4, w / 4, Z]`.
 */
export function roundHyper(
  { model }: LoadedModel,
  wanted: tf.Tensor4D,
): tf.Tensor4D {
  const means = tf.tensor1d(
    Float32Array.from(model.hyperMeans, (mean) => mean / STEP_PARTS),
  );
  return wanted.sub(means).round().add(means) as tf.Tensor4D;
}

/** Latents in steps to standard deviations and back: `[192]`. */
export function stepsOf({ stepLogs }: RefineQuality): tf.Tensor1D {
  return stepLogs.mul(Math.LN2).exp().reshape([CHANNELS]) as tf.Tensor1D;
}
