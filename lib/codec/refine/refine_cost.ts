/**
 * The cost of a photo's latents once they are coded, with gradients.
 *
 *     y ▶ rounded as the encoder does ─┬▶ bits, by the entropy networks ─┐
 *                                      └▶ both images ▶ squared errors ──┴▶ cost
 *
 * All values are those that the encoder will have, whole numbers of the entropy
 * networks included; gradients pass their rounding as if it were not there.
 *
 * @module
 */

import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { ChannelGroups } from "@/codec/model/channel_groups.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { MAX_INPUT } from "@/codec/model/integer_layer.ts";
import {
  HYPER_UNIT,
  LATENT_UNIT,
  LEVEL_UNIT,
  MEAN_UNIT,
  STEP_PARTS,
} from "@/codec/model/latent_coder.ts";
import {
  hyperSynthesise,
  type Layer,
  mediumReads,
  synthesiseHigh,
  synthesiseMedium,
} from "@/codec/model/networks.ts";
import { MEDIUM_SHARE } from "@/codec/model/quality.ts";
import { roundThrough } from "@/codec/model/rate_estimate.ts";
import { tf } from "@/tensorflow/mod.ts";
import { bitsOf, pull, roundCheapest } from "./refine_rounding.ts";

/** What the latents are refined towards; tensors, so that they may change. */
export interface RefineTarget {
  /** The photo's pixels, `[1, 8 h, 8 w, 3]` in 0..1. */
  readonly high: tf.Tensor4D;
  /** The medium image's pixels, `[1, 4 h, 4 w, 3]` in 0..1. */
  readonly medium: tf.Tensor4D;
  /** 1 for pixels of the photo, 0 beyond its edge, `[1, 8 h, 8 w, 1]`. */
  readonly highUsed: tf.Tensor4D;
  /** The same for the medium image, `[1, 4 h, 4 w, 1]`. */
  readonly mediumUsed: tf.Tensor4D;
  /** 1 for blocks that are coded, `[1, h, w, 1]`. */
  readonly blocksUsed: tf.Tensor4D;
}

/** What depends on the quality. */
export interface RefineQuality {
  /** λ: bits per pixel for a mean squared error of 1. */
  readonly lambda: tf.Scalar;
  /** The quality in 0..1. */
  readonly level: tf.Scalar;
  /** Steps per standard deviation, as binary logarithms, `[192]`. */
  readonly stepLogs: tf.Tensor1D;
  /** Bits that a squared error of one step is worth, `[192]`. */
  readonly errorCosts: tf.Tensor1D;
}

/** What a cost is computed from. */
export interface RefineInputs {
  /** Latents in steps, `[1, h, w, 192]`. */
  readonly y: tf.Tensor4D;
  /** The hyper-latent as it is coded, `[1, h / 4, w / 4, Z]`. */
  readonly hyper: tf.Tensor4D;
  /** What the latents are refined towards. */
  readonly target: RefineTarget;
  /** What depends on the quality. */
  readonly quality: RefineQuality;
}

/** How latents are rounded. */
export interface RefineRounding {
  /** The weight of bits. */
  readonly rateWeight: number;
  /** From `bitsOfTables`. */
  readonly tableBits: tf.Tensor1D;
}

/**
 * Bits, and λ times squared errors, of latents that are rounded as the encoder
 * does. The gradient passes rounding as if it were not there, and what rounding
 * took is added to it, so that it is the gradient at the latents themselves.
 * Otherwise latents would be driven to where they flip from one value to the
 * next. It ignores a latent's own bits, because rounding accounts for them.
 *
 * @param loaded The model.
 * @param inputs The latents, and what they should become.
 * @param rounding How latents are rounded.
 * @returns Bits, without those of the hyper-latent, which stays as it is.
 */
export function refineCost(
  loaded: LoadedModel,
  { y, hyper, target, quality }: RefineInputs,
  { rateWeight, tableBits }: RefineRounding,
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
  const latents: tf.Tensor4D[] = [];
  const costs: tf.Tensor[] = [];
  new ChannelGroups(features, layer).forward(({ first, size }) => {
    const own = y.slice([0, 0, 0, first], [-1, -1, -1, size]);
    const stepLog = quality.stepLogs.slice(first, size);
    const errorCost = quality.errorCosts.slice(first, size);
    const step = stepLog.mul(Math.LN2).exp();
    const asInput = ({ value }: { value: tf.Tensor4D }) =>
      roundThrough(value.div(step).mul(LATENT_UNIT))
        .clipByValue(-MAX_INPUT, MAX_INPUT) as tf.Tensor4D;
    return {
      code: (predicted) => {
        const [means, logs] = tf.split(predicted, 2, 3);
        const mean = roundThrough(means!.mul(step).mul(STEP_PARTS / MEAN_UNIT))
          .div(STEP_PARTS); // in steps
        const log = logs!.div(OCTAVE).add(stepLog);
        const { value, whole } = roundCheapest(own, { mean, log }, {
          errorCost,
          rateWeight,
          used,
          tableBits,
        });
        return { value, whole, log } as Record<
          "value" | "whole" | "log",
          tf.Tensor4D
        >;
      },
      asInput,
      finish: (coded) => {
        const { value, whole, log } = coded;
        costs.push(
          bitsOf(whole, log, tableBits).mul(used).sum(),
          pull(own, value, errorCost.mul(used)).sum(),
        );
        const known = asInput(coded);
        latents.push(value.div(step) as tf.Tensor4D);
        return known;
      },
    };
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
    // The bias includes half of a whole number for rounding.
    const sum = x.conv2d(filters, stride, "same").add(bias).sub(0.5);
    const whole = roundThrough(sum);
    return (relu ? whole.clipByValue(0, MAX_INPUT) : whole) as tf.Tensor4D;
  };
}

/**
 * The hyper-latent as it is coded.
 *
 * @param loaded The model.
 * @param wanted From the analysis, `[1, h / 4, w / 4, Z]`.
 * @returns Rounded, in the same shape.
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

/**
 * Steps per standard deviation.
 *
 * @param quality What depends on the quality.
 * @returns `[192]`.
 */
export function stepsOf({ stepLogs }: RefineQuality): tf.Tensor1D {
  return stepLogs.mul(Math.LN2).exp().reshape([CHANNELS]) as tf.Tensor1D;
}
