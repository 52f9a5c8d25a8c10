/**
 * The networks that predict probabilities, on images in training: what latents
 * take in bits, and what they are decoded as.
 *
 * @module
 */

import {
  type BeforeTensors,
  CHANNEL_GROUPS,
  type ChannelGroup,
} from "@/codec/model/channel_groups.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { HYPER_BLOCKS } from "@/codec/format/tiles.ts";
import { MAX_INPUT } from "@/codec/model/integer_layer.ts";
import {
  HYPER_UNIT,
  LATENT_UNIT,
  STEP_PARTS,
} from "@/codec/model/latent_units.ts";
import { FINE_STEP } from "@/codec/entropy/trellis.ts";
import {
  hyperAnalyse,
  hyperSynthesise,
  type Layer,
  summariseBefore,
} from "@/codec/model/networks.ts";
import {
  leanToZero,
  logisticBits,
  roundGiven,
  roundThrough,
} from "@/codec/model/rate_estimate.ts";
import {
  forwardGroups,
  type GroupForward,
  predictHyperTwice,
} from "@/codec/model/tensor_passes.ts";
import {
  BLOCK_SIZES,
  cellKinds,
  cellPlanes,
  squareShares,
} from "@/codec/transform/block_sizes.ts";
import {
  planesToCells,
  toChannels,
  toPlanes,
} from "@/codec/transform/block_transform.ts";
import { chooseSizes } from "@/codec/encode/choose_sizes.ts";
import { coarseBits, coarseValue } from "@/codec/model/nested_quantiser.ts";
import { randomUniform, tf } from "@/tensorflow/mod.ts";
import type { CodecBatch } from "./codec_batch.ts";

/** What latents are coded of. */
export interface RateInputs extends Omit<CodecBatch, "medium"> {
  /**
   * What the frame before tells where things are in this one,
   * `[n, h, w, 3]` in 0..1; for frames after another one.
   */
  readonly before?: tf.Tensor4D;
}

/** Rates and latents of a batch. */
export interface RatePass {
  /** Bits of each image's hyper-latent, `[n]`. */
  readonly hyperBits: tf.Tensor1D;
  /** Bits of each image's first layer, hyper-latent included, `[n]`. */
  readonly mediumBits: tf.Tensor1D;
  /** Bits of all layers, `[n]`. */
  readonly bits: tf.Tensor1D;
  /** The decoded hyper-latent, `[n, h / 32, w / 32, Z]`. */
  readonly hyper: tf.Tensor4D;
  /** One-hot sizes of blocks, `[n, h / 8, w / 8, 8]`. */
  readonly sizes: tf.Tensor4D;
  /** Grey levels in a unit of the latents, `[n, h / 8, w / 8, 192]`. */
  readonly norms: tf.Tensor4D;
  /** The latents, `[n, h / 8, w / 8, 192]`. */
  readonly latents: tf.Tensor4D;
  /** What the first layer decodes, group by group, 48 channels. */
  readonly first: readonly tf.Tensor4D[];
  /** What all layers decode, group by group, 192 channels. */
  readonly all: readonly tf.Tensor4D[];
}

/** What is predicted of a group's latents, in a unit of the latents. */
type Predicted = Record<"mean" | "scale", tf.Tensor4D>;

/**
 * Codes the latents of a batch.
 *
 * @param inputs Images, qualities and coarseness.
 * @param weights The networks' weights.
 * @param layer The convolutions of these weights.
 * @param noise Two numbers that seed the noise which stands for rounding; by
 * default values are rounded.
 * @param follow Whether large latents follow the trellis; by default those of
 * photos do.
 * @returns Rates and latents.
 */
export function ratePass(
  { high, level, lambda, coarse, coarseness, before }: RateInputs,
  weights: (name: string) => tf.Tensor,
  layer: Layer,
  noise?: tf.Tensor1D,
  follow = before === undefined,
): RatePass {
  const n = high.shape[0];
  const [h, w] = [high.shape[1] / 8, high.shape[2] / 8];
  const plane = (rows: number, columns: number) =>
    tf.concat([level, coarseness], 1).reshape([n, 1, 1, 2])
      .tile([1, rows, columns, 1]) as tf.Tensor4D;
  let draws = 0;
  const jitter = (shape: number[]) => {
    if (noise === undefined) return undefined;
    const seed = noise.add(tf.tensor1d([++draws << 20, 0], "int32"));
    return randomUniform(shape, seed).sub(0.5);
  };

  // The step of `bestStep`, for all coefficients.
  const steps = lambda.mul(Math.LN2 / 18).rsqrt() as tf.Tensor1D;
  const planes = toPlanes(high.sub(0.5).mul(255) as tf.Tensor4D);
  const { sizes, cells } = chooseSizes(planes, steps);
  const kinds = cellKinds(sizes);
  const norms = kinds.reshape([-1, kinds.shape[3]])
    .matMul(weights("kind_norms"))
    .reshape([n, h, w, CHANNELS]) as tf.Tensor4D;
  const latents = toChannels(cells).div(norms) as tf.Tensor4D;
  // Binary logarithm of steps in a unit of the latents, [n, h, w, 192].
  const wide = steps.mul(follow ? PATH_WIDTH : 1);
  const gain = norms.div(wide.reshape([n, 1, 1, 1])).log()
    .mul(1 / Math.LN2) as tf.Tensor4D;
  const earlier = before &&
    latentsBefore({ before, coarse }, sizes, norms, steps);

  const blocks = cellPlanes(sizes);
  const seen = tf.concat([asContext(latents), plane(h, w)], 3) as tf.Tensor4D;
  const known = earlier === undefined ? blocks : tf.concat([
    blocks,
    asContext(earlier.first),
    asContext(slice(earlier.second, MEDIUM_CHANNELS, -1)),
  ], 3) as tf.Tensor4D;
  const hyper = hyperAnalyse(seen, known, layer);
  const prior = tf.concat([
    squareShares(sizes, HYPER_BLOCKS),
    plane(h / 4, w / 4),
  ], 3) as tf.Tensor4D;
  const given = [
    prior,
    ...earlier ? [summariseBefore(asContext(earlier.first), layer)] : [],
  ] as const;
  // As coarse as the networks of whole numbers see it.
  const coarsely = (mean: tf.Tensor) =>
    roundThrough(mean.mul(HYPER_UNIT)).div(HYPER_UNIT);
  const limit = MAX_INPUT / HYPER_UNIT;
  const coded = (mean: tf.Tensor) =>
    roundThrough(hyper.sub(mean)).add(mean)
      .clipByValue(-limit, limit) as tf.Tensor4D;
  const predicted = predictHyperTwice(
    hyper.shape[3],
    given,
    (predicted) => coded(coarsely(tf.split(predicted, 2, 3)[0]!)),
    layer,
  );
  const [hyperMean, hyperScale] = tf.split(predicted, 2, 3);
  const mean = coarsely(hyperMean!);
  const hyperBits = logisticBits(
    hyper.sub(mean) as tf.Tensor4D,
    hyperScale!,
    jitter(hyper.shape),
  ).sum([1, 2, 3]);
  const rounded = coded(mean);
  const features = hyperSynthesise(rounded, prior, layer);

  const bits: Record<ChannelGroup["layer"], tf.Tensor[]> = {
    1: [hyperBits],
    2: [],
  };
  const first: tf.Tensor4D[] = [];
  const all: tf.Tensor4D[] = [];
  const base = tf.concat([features, blocks], 3) as tf.Tensor4D;
  const start = (group: ChannelGroup): GroupForward<Predicted> => {
    const { index, first: from, size } = group;
    const own = slice(latents, from, size);
    const logSteps = slice(gain, from, size);
    const step = logSteps.mul(Math.LN2).exp();
    const isFirst = group.layer === 1;
    const nested = isFirst &&
      cellsOf(coarse.slice([0, index], [-1, 1]), follow);
    const toLatent = (value: tf.Tensor, mean: tf.Tensor) =>
      value.div(step).add(mean) as tf.Tensor4D;
    const errorOf = ({ mean, scale }: Predicted) =>
      leanToZero(
        own.sub(mean).mul(step) as tf.Tensor4D,
        scale.add(logSteps),
      );
    const quantise = (error: tf.Tensor4D, mean: tf.Tensor) => {
      const value = nested
        ? coarseValue(error.div(nested.unit), nested.cells).mul(nested.unit)
        : roundGiven(error);
      return toLatent(value, mean);
    };
    return {
      code: (predicted) => {
        const [mean, scale, share] = tf.split(
          predicted,
          earlier === undefined ? 2 : 3,
          3,
        ) as tf.Tensor4D[];
        if (earlier === undefined) return { mean: mean!, scale: scale! };
        const shared = slice(
          isFirst ? earlier.first : earlier.second,
          from,
          size,
        );
        return {
          mean: mean!.add(share!.mul(shared)) as tf.Tensor4D,
          scale: scale!,
        };
      },
      asInput: (predicted) =>
        asContext(quantise(errorOf(predicted), predicted.mean)),
      finish: (predicted) => {
        const { mean, scale } = predicted;
        const error = errorOf(predicted);
        const spread = scale.add(logSteps);
        const fine = logisticBits(error, spread, jitter(own.shape))
          .sum([1, 2, 3]);
        all.push(toLatent(roundGiven(error), mean));
        if (!nested) {
          bits[2].push(fine);
          return all.at(-1)!;
        }
        const { unit, cells } = nested;
        const coarse = coarseBits(
          error.div(unit),
          spread.sub(unit.log().div(Math.LN2)),
          cells,
        ).sum([1, 2, 3]);
        bits[1].push(coarse);
        bits[2].push(fine.sub(coarse));
        first.push(quantise(error, mean));
        return first.at(-1)!;
      },
    };
  };
  forwardGroups(base, layer, start, {
    ...{ toInput: asContext, before: earlier, refine: () => all },
  });
  const mediumBits = tf.addN(bits[1]) as tf.Tensor1D;
  return {
    hyperBits: hyperBits as tf.Tensor1D,
    mediumBits,
    bits: tf.addN([mediumBits, ...bits[2]]) as tf.Tensor1D,
    ...{ hyper: rounded, sizes, norms, latents, first, all },
  };
}

/**
 * The coarse cells of a group, `[n, 1, 1, 1]`: how many units are in each, and
 * the unit in steps, which is finer where latents follow the trellis.
 */
function cellsOf(
  coarse: tf.Tensor,
  follow: boolean,
): Record<"cells" | "unit", tf.Tensor> {
  const cells = coarse.reshape([-1, 1, 1, 1]);
  const isNested = cells.sub(1).minimum(follow ? 1 : 0);
  return { cells, unit: isNested.mul(FINE_STEP / STEP_PARTS - 1).add(1) };
}

/**
 * Steps of single values that make about the errors of values which follow the
 * trellis.
 */
export const PATH_WIDTH = 1.08;

/** How far the frame before leans to 0 when it is rounded, in steps. */
const LEAN = 0.1;

/**
 * The frame before in the blocks of this one, about as coarse as it was decoded.
 */
function latentsBefore(
  { before, coarse }: Required<Pick<RateInputs, "before" | "coarse">>,
  sizes: tf.Tensor4D,
  norms: tf.Tensor4D,
  steps: tf.Tensor1D,
): Required<BeforeTensors> {
  const n = before.shape[0];
  const planes = toPlanes(before.sub(0.5).mul(255) as tf.Tensor4D);
  const cells = tf.addN(
    BLOCK_SIZES.map((size, i) =>
      planesToCells(planes, size).mul(slice(sizes, i, 1))
    ),
  ) as tf.Tensor4D;
  const step = steps.reshape([n, 1, 1, 1]);
  const inSteps = toChannels(cells).div(step);
  const leaned = inSteps.abs().sub(LEAN).relu()
    .mul(inSteps.sign()) as tf.Tensor4D;
  const inUnits = (values: tf.Tensor4D, norms: tf.Tensor4D) =>
    values.mul(step).div(norms) as tf.Tensor4D;
  const medium = tf.concat(
    CHANNEL_GROUPS.filter((group) => group.layer === 1)
      .map(({ index, first, size }) =>
        coarseValue(
          slice(leaned, first, size),
          coarse.slice([0, index], [-1, 1]).reshape([n, 1, 1, 1]),
        )
      ),
    3,
  ) as tf.Tensor4D;
  return {
    first: inUnits(medium, slice(norms, 0, MEDIUM_CHANNELS)),
    second: inUnits(leaned.round() as tf.Tensor4D, norms),
  };
}

function slice(x: tf.Tensor4D, first: number, size: number): tf.Tensor4D {
  return x.slice([0, 0, 0, first], [-1, -1, -1, size]);
}

/** Latents as the networks of whole numbers see them: within bounds. */
function asContext(latents: tf.Tensor4D): tf.Tensor4D {
  const limit = MAX_INPUT / LATENT_UNIT;
  return latents.clipByValue(-limit, limit) as tf.Tensor4D;
}
