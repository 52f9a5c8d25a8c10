/**
 * The weights of the codec: names, shapes and first values.
 *
 * @module
 */

import { BLOCK } from "@/codec/format/tiles.ts";
import { CHANNEL_GROUPS, ownInputs } from "@/codec/model/channel_groups.ts";
import {
  CHANNELS,
  highFilters,
  MEDIUM_CHANNELS,
  mediumFilters,
} from "@/codec/transform/colour_dct.ts";
import { bestStep, lambdaAt } from "@/codec/model/quality.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  BLOCK_SIZES,
  CELL_KINDS,
  CELL_PLANES,
  cellKinds,
} from "@/codec/transform/block_sizes.ts";
import {
  planesToCells,
  toChannels,
  toPlanes,
} from "@/codec/transform/block_transform.ts";
import { chooseSizes } from "@/codec/encode/choose_sizes.ts";
import {
  type CodecSettings,
  PRIOR_INPUTS,
} from "@/codec/model/codec_settings.ts";

/** Channels of the pixels at 1/4 of the size: 4 x 4 pixels of 3 colours. */
const DETAIL_PIXELS = (BLOCK / 2) ** 2 * 3;

/** Quality at which blocks are chosen to measure norms. */
const NORM_LEVEL = 0.4;

/** Root mean squares of coefficients. */
export interface CoefficientNorms {
  /** Of blocks of 8x8, whatever their size, `[192]`. */
  readonly cells: Float32Array;
  /** Of each kind of cell, `[15, 192]`. */
  readonly kinds: Float32Array;
}

/**
 * Root mean squares of the coefficients of images, but at least 1.
 *
 * @param images `[n, h, w, 3]` in 0..1; they are disposed.
 * @returns In 0..255.
 */
export function coefficientNorms(
  images: Iterable<tf.Tensor4D>,
): CoefficientNorms {
  const cellSums = new Float64Array(CHANNELS);
  const kindSums = new Float64Array(CELL_KINDS * CHANNELS);
  const counts = new Float64Array(CELL_KINDS);
  for (const high of images) {
    const found = tf.tidy(() => {
      const planes = toPlanes(high.sub(0.5).mul(255) as tf.Tensor4D);
      const step = tf.fill([high.shape[0]], bestStep(lambdaAt(NORM_LEVEL)));
      const { sizes, cells } = chooseSizes(planes, step as tf.Tensor1D);
      const kinds = cellKinds(sizes).reshape([-1, CELL_KINDS]) as tf.Tensor2D;
      const squares = toChannels(cells).square().reshape([-1, CHANNELS]);
      return {
        cells: toChannels(planesToCells(planes, BLOCK_SIZES[0]!)).square().sum([
          0,
          1,
          2,
        ]),
        kinds: kinds.matMul(squares as tf.Tensor2D, true),
        counts: kinds.sum(0),
      };
    });
    const add = (sums: Float64Array, values: tf.Tensor) =>
      values.dataSync().forEach((value, i) => sums[i]! += value);
    add(cellSums, found.cells);
    add(kindSums, found.kinds);
    add(counts, found.counts);
    tf.dispose([...Object.values(found), high]);
  }
  const cells = counts.reduce((sum, count) => sum + count, 0);
  const norm = (sum: number, count: number) =>
    Math.max(1, Math.sqrt(sum / Math.max(1, count)));
  return {
    cells: Float32Array.from(cellSums, (sum) => norm(sum, cells)),
    kinds: Float32Array.from(
      kindSums,
      (sum, i) => norm(sum, counts[Math.floor(i / CHANNELS)]!),
    ),
  };
}

/**
 * The weights before training, and the transform's fixed filters.
 *
 * @param settings Widths of the networks.
 * @param norms From {@linkcode coefficientNorms}.
 * @param seed Seed of the random values.
 * @returns Variables by name; norms and filters are not trainable.
 */
export function codecWeights(
  settings: CodecSettings,
  norms: CoefficientNorms,
  seed: number,
): Map<string, tf.Variable> {
  const weights = new Map<string, tf.Variable>();
  const add = (
    name: string,
    shape: readonly number[],
    values: Float32Array | ((i: number) => number),
    trainable = true,
  ) => {
    const length = shape.reduce((product, size) => product * size, 1);
    const data = typeof values === "function"
      ? Float32Array.from({ length }, (_, i) => values(i))
      : values;
    const variable = tf.tidy(() =>
      tf.variable(tf.tensor(data, [...shape]), trainable)
    );
    weights.set(name, variable);
  };
  const conv = (
    name: string,
    side: number,
    from: number,
    to: number,
    gain = 1,
  ) => {
    const random = seededRandom(seed, name);
    // K. He et al., 2015; uniform.
    const bound = gain * Math.sqrt(6 / (side * side * from));
    add(
      `${name}/filters`,
      [side, side, from, to],
      () => bound * (2 * random() - 1),
    );
    add(`${name}/bias`, [to], () => 0);
  };
  add("norms", [CHANNELS], norms.cells, false);
  add("kind_norms", [CELL_KINDS, CHANNELS], norms.kinds, false);
  const { hyperWidth: h, hyperChannels: z, featureChannels: f } = settings;
  conv("hyper_analysis/0", 1, CHANNELS + 2 + CELL_PLANES, h);
  conv("hyper_analysis/1", 3, h, h);
  conv("hyper_analysis/2", 3, h, z, 2);
  conv("hyper_prior/0", 3, PRIOR_INPUTS + z, settings.priorWidth);
  conv("hyper_prior/1", 1, settings.priorWidth, 2 * z, 0.1);
  conv("hyper_synthesis/0", 3, z + PRIOR_INPUTS, h);
  conv("hyper_synthesis/1", 1, h, 4 * h);
  conv("hyper_synthesis/2", 3, h, h);
  conv("hyper_synthesis/3", 1, h, 4 * f);
  conv("thumbnail", 1, z, 3, 0.1);

  for (const group of CHANNEL_GROUPS) {
    const name = `group/${group.index}`;
    const width = settings.groupWidths[group.index]!;
    const known = f + CELL_PLANES + group.first + ownInputs(group);
    conv(`${name}/0`, 3, known, width);
    conv(`${name}/1`, 3, width, width);
    conv(`${name}/2`, 1, width, 2 * group.size, 0.1);
  }

  const trunk = (name: string, from: number, width: number, to: number) => {
    conv(`${name}/0`, 1, from, width);
    for (const i of [1, 3]) {
      conv(`${name}/${i}`, 3, width, width);
      conv(`${name}/${i + 1}`, 3, width, width, 0.2);
    }
    conv(`${name}/5`, 1, width, to, 0);
  };
  const { synthesisWidth: s, detailWidth: d, mediumWidth: m } = settings;
  trunk("medium", MEDIUM_CHANNELS + 2, m, MEDIUM_CHANNELS);
  trunk("high", CHANNELS + 1, s, CHANNELS);
  conv("high/6", 1, s, 4 * d);
  conv("detail/0", 3, DETAIL_PIXELS + d, d);
  conv("detail/1", 3, d, d);
  conv("detail/2", 3, d, d, 0.2);
  conv("detail/3", 1, d, DETAIL_PIXELS, 0);

  add("high_pixels", [1, 1, CHANNELS, CHANNELS], highFilters(), false);
  add(
    "medium_pixels",
    [1, 1, MEDIUM_CHANNELS, MEDIUM_CHANNELS],
    mediumFilters(),
    false,
  );
  return weights;
}
