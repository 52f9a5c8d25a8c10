/**
 * The codec's weights in training: their names, shapes and first values.
 *
 * @module
 */

import { BLOCK } from "@/codec/format/tiles.ts";
import { CHANNEL_GROUPS, ownInputs } from "@/codec/model/channel_groups.ts";
import type { CodecSettings } from "@/codec/model/codec_model.ts";
import {
  analysisFilters,
  CHANNELS,
  highFilters,
  MEDIUM_CHANNELS,
  mediumFilters,
} from "@/codec/model/colour_dct.ts";
import { bestStep, lambdaAt } from "@/codec/model/quality.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";

/** Widths of the published codec. */
export const CODEC_SETTINGS: CodecSettings = {
  analysisWidth: 96,
  hyperChannels: 48,
  hyperWidth: 64,
  featureChannels: 48,
  groupWidths: [64, 64, 48, 96, 64],
  synthesisWidth: 96,
  detailWidth: 48,
  mediumWidth: 64,
  anchors: 6,
};

/** Channels of the pixels at 1/4 of the size: 4 x 4 pixels of 3 colours. */
const DETAIL_PIXELS = (BLOCK / 2) ** 2 * 3;

/**
 * Root mean squares of the coefficients of images, but at least 1.
 *
 * @param images `[n, h, w, 3]` in 0..1; they are disposed.
 * @returns 192 numbers, in 0..255.
 */
export function coefficientNorms(images: Iterable<tf.Tensor4D>): Float32Array {
  const sums = new Float64Array(CHANNELS);
  let blocks = 0;
  const filters = tf.tensor4d(analysisFilters(), [BLOCK, BLOCK, 3, CHANNELS]);
  for (const image of images) {
    const squares = tf.tidy(() => {
      const centred = image.sub(0.5).mul(255) as tf.Tensor4D;
      const found = tf.conv2d(centred, filters, BLOCK, "valid");
      blocks += found.size / CHANNELS;
      return found.square().sum([0, 1, 2]);
    });
    squares.dataSync().forEach((square, i) => sums[i]! += square);
    tf.dispose([squares, image]);
  }
  filters.dispose();
  return Float32Array.from(
    sums,
    (sum) => Math.max(1, Math.sqrt(sum / blocks)),
  );
}

/**
 * The codec's weights before training, and the transform's fixed filters.
 *
 * @param settings Widths of the networks.
 * @param norms From {@linkcode coefficientNorms}.
 * @param seed Seed of the random values.
 * @returns Variables by name; the fixed ones are not trainable.
 */
export function codecWeights(
  settings: CodecSettings,
  norms: ArrayLike<number>,
  seed: number,
): Map<string, tf.Variable> {
  const make = (
    name: string,
    values: Float32Array,
    shape: readonly number[],
    trainable: boolean,
  ): [string, tf.Variable] => [
    name,
    tf.tidy(() => tf.variable(tf.tensor(values, [...shape]), trainable)),
  ];
  const [all, medium] = [CHANNELS, MEDIUM_CHANNELS];
  return new Map([
    ...firstWeights(settings, norms, seed).map(({ name, values, shape }) =>
      make(name, values, shape, name !== "norms")
    ),
    make("high_analysis", analysisFilters(), [BLOCK, BLOCK, 3, all], false),
    make("high_pixels", highFilters(), [1, 1, all, all], false),
    make("medium_pixels", mediumFilters(), [1, 1, medium, medium], false),
  ]);
}

interface FirstWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** The transform's own norms and gains, and networks that add nothing yet. */
function firstWeights(
  settings: CodecSettings,
  norms: ArrayLike<number>,
  seed: number,
): FirstWeight[] {
  const weights: FirstWeight[] = [];
  const add = (
    name: string,
    shape: readonly number[],
    values: (i: number) => number,
  ) => {
    const length = shape.reduce((product, size) => product * size, 1);
    weights.push({
      name,
      shape,
      values: Float32Array.from({ length }, (_, i) => values(i)),
    });
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
  const { anchors } = settings;
  add("norms", [CHANNELS], (i) => norms[i]!);
  add("gains", [anchors, CHANNELS], (i) => {
    const level = Math.floor(i / CHANNELS) / (anchors - 1);
    return Math.log2(1 / bestStep(lambdaAt(level)));
  });
  const a = settings.analysisWidth;
  conv("analysis/0", 1, CHANNELS + 1, a);
  conv("analysis/1", 3, a, a);
  conv("analysis/2", 3, a, a);
  conv("analysis/3", 1, a, CHANNELS, 0);

  const { hyperWidth: h, hyperChannels: z, featureChannels: f } = settings;
  conv("hyper_analysis/0", 1, CHANNELS + 1, h);
  conv("hyper_analysis/1", 3, h, h);
  conv("hyper_analysis/2", 3, h, z, 4);
  add("hyper/mean", [z], () => 0);
  add("hyper/scale", [anchors, z], () => 2);
  conv("hyper_synthesis/0", 3, z + 1, h);
  conv("hyper_synthesis/1", 1, h, 4 * h);
  conv("hyper_synthesis/2", 3, h, h);
  conv("hyper_synthesis/3", 1, h, 4 * f);

  for (const group of CHANNEL_GROUPS) {
    const name = `group/${group.index}`;
    const width = settings.groupWidths[group.index]!;
    // The channels of all groups before it are known.
    conv(`${name}/0`, 3, f + group.first + ownInputs(group), width);
    conv(`${name}/1`, 1, width, width);
    conv(`${name}/2`, 1, width, 2 * group.size, 0.1);
  }

  const m = settings.mediumWidth;
  conv("medium/0", 3, MEDIUM_CHANNELS + 1, m);
  conv("medium/1", 3, m, m);
  conv("medium/2", 3, m, m, 0.2);
  conv("medium/3", 1, m, MEDIUM_CHANNELS, 0);

  const { synthesisWidth: s, detailWidth: d } = settings;
  conv("high/0", 3, CHANNELS + 1, s);
  conv("high/1", 3, s, s);
  conv("high/2", 3, s, s, 0.2);
  conv("high/3", 1, s, CHANNELS, 0);
  conv("high/4", 1, s, 4 * d);
  conv("detail/0", 3, DETAIL_PIXELS + d, d);
  conv("detail/1", 3, d, d);
  conv("detail/2", 3, d, d, 0.2);
  conv("detail/3", 1, d, DETAIL_PIXELS, 0);
  return weights;
}
