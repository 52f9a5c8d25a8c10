/**
 * The codec's weights: their names, shapes and first values.
 *
 * @module
 */

import { CHANNELS, GROUP_SIZES, MEDIUM_CHANNELS } from "./colour_dct.ts";
import { bestStep, lambdaAt } from "./quality.ts";
import { seededRandom } from "@/random/seeded_random.ts";

/** Widths of the codec's networks. */
export interface CodecSettings {
  /** Inside of the analysis. */
  readonly analysisWidth: number;
  /** Channels of the hyper-latent. */
  readonly hyperChannels: number;
  /** Inside of the hyper analysis and synthesis. */
  readonly hyperWidth: number;
  /** Channels of the hyper-latent's features beside the latents. */
  readonly featureChannels: number;
  /** Inside of the entropy network of each group. */
  readonly groupWidths: readonly number[];
  /** Inside of the high synthesis, at 1/8 of the size. */
  readonly synthesisWidth: number;
  /** Inside of the high synthesis, at 1/4 of the size. */
  readonly detailWidth: number;
  /** Inside of the medium synthesis. */
  readonly mediumWidth: number;
  /** Qualities that gains are learned for; in between they are interpolated. */
  readonly anchors: number;
}

/** The published codec's. */
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

/** Groups whose latents are coded in two passes, every other block first. */
export const TWO_PASS_GROUPS: readonly number[] = [0, 1];

/** A weight before training. */
export interface WeightSpec {
  /** Such as `analysis/0/filters`. */
  readonly name: string;
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its values. */
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * First values of all weights: the transform's own, and networks beside it
 * that add nothing yet.
 *
 * @param settings Widths.
 * @param norms Standard deviation of each coefficient, in 0..255, 192 numbers.
 * @param seed Of the random values.
 */
export function firstWeights(
  settings: CodecSettings,
  norms: ArrayLike<number>,
  seed: number,
): WeightSpec[] {
  const weights: WeightSpec[] = [];
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
    // He et al. 2015; uniform.
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

  let known = 0;
  GROUP_SIZES.forEach((size, group) => {
    const own = TWO_PASS_GROUPS.includes(group) ? size : 0;
    const width = settings.groupWidths[group]!;
    conv(`group/${group}/0`, 3, f + known + own, width);
    conv(`group/${group}/1`, 1, width, width);
    conv(`group/${group}/2`, 1, width, 2 * size, 0.1);
    known += size;
  });

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
  conv("detail/0", 3, 48 + d, d);
  conv("detail/1", 3, d, d);
  conv("detail/2", 3, d, d, 0.2);
  conv("detail/3", 1, d, 48, 0);
  return weights;
}
