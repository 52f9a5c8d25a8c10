/**
 * What training the codec takes: the part of this folder that needs
 * TensorFlow, and that a browser never loads.
 *
 * @module
 */

import { type Tensor4D } from "@tensorflow/tfjs";
import { tf } from "@/tensorflow/mod.ts";
import {
  analysisFilters,
  BLOCK,
  CHANNELS,
  highFilters,
  MEDIUM_CHANNELS,
  mediumFilters,
} from "@/codec/model/colour_dct.ts";
import {
  type CodecSettings,
  firstWeights,
} from "@/codec/model/codec_weights.ts";

export {
  CODEC_SETTINGS,
  type CodecSettings,
} from "@/codec/model/codec_weights.ts";
export { type CodecBatch, codecLoss, codecPass } from "./objective.ts";
export { anchorWeights, lambdaAt } from "@/codec/model/quality.ts";

/**
 * Root mean squares of the coefficients of images, 1 at least.
 *
 * @param images `[n, h, w, 3]` in 0..1; they are disposed.
 * @returns 192 numbers, in 0..255.
 */
export function coefficientNorms(images: Iterable<Tensor4D>): Float32Array {
  const sums = new Float64Array(CHANNELS);
  let blocks = 0;
  const filters = tf.tensor4d(analysisFilters(), [BLOCK, BLOCK, 3, CHANNELS]);
  for (const image of images) {
    const squares = tf.tidy(() => {
      const centred = image.sub(0.5).mul(255) as Tensor4D;
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
 * @param settings Widths.
 * @param norms From {@linkcode coefficientNorms}.
 * @param seed Of the random values.
 * @returns Variables by name, of which the fixed ones are not trainable.
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
