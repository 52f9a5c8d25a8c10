/**
 * The cost of a photo's coefficients once they are coded, with gradients.
 *
 *     y ▶ rounded as the encoder does ─┬▶ bits, by the entropy networks ─┐
 *         fine, and coarse for layer 1 └▶ both images ▶ squared errors ──┴▶ cost
 *
 * All values are those that the encoder will have, whole numbers of the entropy
 * networks included, but for those of superblocks that it leaves out of a pass;
 * gradients pass their rounding as if it were not there.
 *
 * @module
 */

import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { BLOCK, HYPER_BLOCKS, SUPERBLOCK } from "@/codec/format/tiles.ts";
import {
  cellKinds,
  cellPlanes,
  squareShares,
} from "@/codec/transform/block_sizes.ts";
import {
  mixedToCells,
  toCells,
  toChannels,
} from "@/codec/transform/block_transform.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { COARSENESS_UNIT, PLANE_UNIT } from "@/codec/model/hyper_coder.ts";
import { MAX_INPUT } from "@/codec/model/integer_layer.ts";
import {
  HYPER_UNIT,
  LATENT_UNIT,
  LEVEL_UNIT,
  MEAN_UNIT,
  STEP_PARTS,
} from "@/codec/model/latent_units.ts";
import {
  correctHigh,
  correctMedium,
  hyperSynthesise,
  type Layer,
  plainHigh,
} from "@/codec/model/networks.ts";
import { MEDIUM_SHARE } from "@/codec/model/quality.ts";
import { roundThrough } from "@/codec/model/rate_estimate.ts";
import {
  forwardGroups,
  predictHyperTwice,
} from "@/codec/model/tensor_passes.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  bitsOf,
  coarsePoint,
  decoded,
  pull,
  roundCheapest,
} from "./refine_rounding.ts";

/** What coefficients are refined towards; tensors, so that they may change. */
export interface RefineTarget {
  /** The photo's pixels, `[1, 8 h, 8 w, 3]` in 0..1. */
  readonly high: tf.Tensor4D;
  /** The medium image's pixels, `[1, 4 h, 4 w, 3]` in 0..1. */
  readonly medium: tf.Tensor4D;
  /** 1 for pixels of the photo, 0 beyond its edge, `[1, 8 h, 8 w, 1]`. */
  readonly highUsed: tf.Tensor4D;
  /** The same for the medium image, `[1, 4 h, 4 w, 1]`. */
  readonly mediumUsed: tf.Tensor4D;
}

/** What depends on the quality and the coarseness. */
export interface RefineQuality {
  /** λ: bits per pixel for a mean squared error of 1. */
  readonly lambda: tf.Scalar;
  /** The quality in 0..1. */
  readonly level: tf.Scalar;
  /** The coarseness in 0..1. */
  readonly coarseness: tf.Scalar;
  /** Fine cells in a coarse one of the first layer's groups, `[3]`. */
  readonly cells: tf.Tensor1D;
  /** Steps in a unit of the latents, as binary logarithms, `[15, 192]`. */
  readonly stepLogs: tf.Tensor2D;
  /** Grey levels in a step. */
  readonly greyLevels: tf.Scalar;
}

/** The latents of a part of a photo. */
export interface RefineLatents {
  /** Coefficients in steps, `[1, h, w, 192]`. */
  readonly y: tf.Tensor4D;
  /** The hyper-latent before it is rounded, `[1, h / 4, w / 4, Z]`. */
  readonly hyper: tf.Tensor4D;
  /** Which size each cell's block has, one-hot, `[1, h, w, 8]`. */
  readonly sizes: tf.Tensor4D;
  /** 1 for cells that are coded, `[1, h, w, 1]`. */
  readonly used: tf.Tensor4D;
}

/** How coefficients are rounded. */
export interface RefineRounding {
  /** The weight of bits. */
  readonly rateWeight: number;
  /** From `bitsOfTables`. */
  readonly tableBits: tf.Tensor1D;
}

/**
 * Bits, and λ times squared errors, of coefficients that are rounded as the
 * encoder does. The gradient passes rounding as if it were not there, and what
 * rounding took is added to it, so that it is the gradient at the coefficients
 * themselves. Otherwise they would be driven to where they flip from one value
 * to the next. It ignores a coefficient's own bits, because rounding accounts
 * for them.
 *
 * @param loaded The model.
 * @param latents The latents; h and w are multiples of 8.
 * @param target What they should become.
 * @param quality What depends on the quality.
 * @param rounding How coefficients are rounded.
 * @returns The cost of each superblock in bits, without those of the sizes of
 * blocks, `[1, h / 8, w / 8, 1]`.
 */
export function refineCost(
  loaded: LoadedModel,
  { y, hyper, sizes, used }: RefineLatents,
  target: RefineTarget,
  quality: RefineQuality,
  { rateWeight, tableBits }: RefineRounding,
): tf.Tensor4D {
  const [, rows, columns] = y.shape;
  const { level, coarseness, lambda, greyLevels } = quality;
  const layer = wholeLayer(loaded);
  const plane = (rows: number, columns: number, value: tf.Scalar) =>
    tf.ones([1, rows, columns, 1]).mul(value) as tf.Tensor4D;
  const [h, w] = [rows / HYPER_BLOCKS, columns / HYPER_BLOCKS];
  const prior = tf.concat([
    squareShares(sizes, HYPER_BLOCKS).mul(PLANE_UNIT),
    plane(h, w, level).mul(LEVEL_UNIT),
    plane(h, w, coarseness).mul(COARSENESS_UNIT),
  ], 3).round() as tf.Tensor4D;
  const wholeOf = (mean: tf.Tensor) =>
    roundThrough(hyper.sub(mean.div(HYPER_UNIT)));
  const inputOf = (mean: tf.Tensor) =>
    wholeOf(mean).mul(HYPER_UNIT).add(mean)
      .clipByValue(-MAX_INPUT, MAX_INPUT) as tf.Tensor4D;
  const meanOf = (predicted: tf.Tensor4D) => tf.split(predicted, 2, 3)[0]!;
  const predicted = predictHyperTwice(
    hyper.shape[3],
    [prior],
    (predicted) => inputOf(meanOf(predicted)),
    layer,
  );
  const [hyperMean, hyperLog] = tf.split(predicted, 2, 3);
  const hyperWhole = wholeOf(hyperMean!);
  const hyperInput = inputOf(hyperMean!);
  const hyperBits = bitsOf(hyperWhole, hyperLog!.div(OCTAVE), tableBits)
    .sum(3, true) as tf.Tensor4D;
  const features = tf.concat([
    hyperSynthesise(hyperInput, prior, layer),
    cellPlanes(sizes).mul(PLANE_UNIT),
  ], 3) as tf.Tensor4D;

  const stepLogs = cellKinds(sizes).reshape([rows * columns, -1])
    .matMul(quality.stepLogs).reshape([1, rows, columns, CHANNELS]);
  const errorCost = lambda.div(3).mul(greyLevels.square());
  const bits: tf.Tensor[] = [];
  const pulls: tf.Tensor[] = [];
  const first: tf.Tensor4D[] = []; // coarse
  const all: tf.Tensor4D[] = []; // fine
  const inputs: tf.Tensor4D[] = []; // of fine ones
  forwardGroups(features, layer, (group) => {
    const from = [0, 0, 0, group.first];
    const to = [1, rows, columns, group.size];
    const own = y.slice(from, to);
    const stepLog = stepLogs.slice(from, to);
    const step = stepLog.mul(Math.LN2).exp();
    const asInput = (value: tf.Tensor) =>
      roundThrough(value.div(step).mul(LATENT_UNIT))
        .clipByValue(-MAX_INPUT, MAX_INPUT) as tf.Tensor4D;
    const cells = group.layer === 1
      ? quality.cells.slice(group.index, 1).reshape([])
      : undefined;
    const point = (whole: tf.Tensor) =>
      cells === undefined ? whole : coarsePoint(whole, cells);
    return {
      code: (predicted) => {
        const [means, logs] = tf.split(predicted, 2, 3);
        const mean = roundThrough(means!.mul(step).mul(STEP_PARTS / MEAN_UNIT))
          .div(STEP_PARTS); // in steps
        const log = logs!.div(OCTAVE).add(stepLog);
        const costs = { errorCost, rateWeight, used, tableBits };
        const whole = roundCheapest(own, { mean, log }, costs);
        return { mean, log, whole } as Record<
          "mean" | "log" | "whole",
          tf.Tensor4D
        >;
      },
      asInput: ({ mean, whole }) => asInput(decoded(own, mean, point(whole))),
      finish: ({ mean, log, whole }) => {
        const spent = bitsOf(whole, log, tableBits).mul(used);
        bits.push(spent.sum(3, true));
        const fine = decoded(own, mean, whole);
        all.push(fine);
        const cost = errorCost.mul(used);
        pulls.push(pull(own, fine, cost).sum(3, true));
        if (cells === undefined) return asInput(fine);
        inputs.push(asInput(fine));
        const coarse = decoded(own, mean, point(whole));
        first.push(coarse);
        pulls.push(pull(own, coarse, cost.mul(MEDIUM_SHARE)).sum(3, true));
        return asInput(coarse);
      },
    };
  }, { refine: () => inputs });

  const inCells = (values: tf.Tensor4D[], channels: number) => {
    const side = channels === CHANNELS ? BLOCK : BLOCK / 2;
    const mixed = tf.concat(values, 3).mul(greyLevels) as tf.Tensor4D;
    const cells = mixedToCells(toCells(mixed, side), sizes, side);
    return toChannels(cells, side)
      .div(loaded.real("norms").slice([0], [channels])) as tf.Tensor4D;
  };
  const errorsOf = (
    image: tf.Tensor4D,
    wanted: tf.Tensor4D,
    used: tf.Tensor4D,
  ) => {
    const side = image.shape[1] / rows * SUPERBLOCK;
    const errors = image.clipByValue(0, 1).sub(wanted).mul(255).square()
      .mul(used).mean(3, true) as tf.Tensor4D;
    return sumOver(errors, side);
  };
  const known = plane(rows, columns, level);
  const highCells = inCells(all, CHANNELS);
  const weights = (name: string) => loaded.real(name);
  const ofHigh = (image: tf.Tensor4D) =>
    errorsOf(image, target.high, target.highUsed);
  // As `findPlain` chooses.
  const highErrors = ofHigh(correctHigh(highCells, { known }, weights))
    .minimum(ofHigh(plainHigh(highCells, weights)));
  const mediumErrors = errorsOf(
    correctMedium(
      inCells(first, MEDIUM_CHANNELS),
      { known: tf.concat([known, plane(rows, columns, coarseness)], 3) },
      weights,
    ),
    target.medium,
    target.mediumUsed,
  );
  // A pixel of the medium image stands for four.
  const errors = highErrors.add(mediumErrors.mul(4 * MEDIUM_SHARE));
  return tf.addN([
    sumOver(tf.addN([...bits, ...pulls]) as tf.Tensor4D, SUPERBLOCK),
    sumOver(hyperBits, SUPERBLOCK / HYPER_BLOCKS),
    errors.mul(lambda),
  ]) as tf.Tensor4D;
}

/** Sums over squares. */
function sumOver(x: tf.Tensor4D, side: number): tf.Tensor4D {
  return tf.avgPool(x, side, side, "valid").mul(side ** 2) as tf.Tensor4D;
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
