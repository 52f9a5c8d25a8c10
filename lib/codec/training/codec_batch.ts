/**
 * What the codec's networks are given in training: images and their qualities.
 *
 * @module
 */

import {
  COARSENESS,
  DEFAULT_COARSENESS,
} from "@/codec/model/nested_quantiser.ts";
import { lambdaAt } from "@/codec/model/quality.ts";
import { type Pairs, toBatch } from "@/datasets/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { imageTensor } from "@/training/mod.ts";

/** A batch of pairs and their qualities. */
export interface CodecBatch {
  /** `[n, h, w, 3]` in 0..1; sides are multiples of 32. */
  readonly high: tf.Tensor4D;
  /** `[n, h / 2, w / 2, 3]` in 0..1. */
  readonly medium: tf.Tensor4D;
  /** The quality of each image, `[n, 1]` in 0..1. */
  readonly level: tf.Tensor2D;
  /** λ of each image, `[n]`. */
  readonly lambda: tf.Tensor1D;
  /** Fine cells in a coarse one of the first three groups, `[n, 3]`. */
  readonly coarse: tf.Tensor2D;
  /** Place in `COARSENESS`, as a share of the coarsest, `[n, 1]`. */
  readonly coarseness: tf.Tensor2D;
}

/** Pairs and the levels that they are coded at. */
export interface LevelledPairs {
  /** High images, `[n, side, side, 3]` in 0..1. */
  readonly high: Float32Array;
  /** Medium images of the same pairs, `[n, side / 2, side / 2, 3]`. */
  readonly medium: Float32Array;
  /** Width and height of the high images in pixels. */
  readonly side: number;
  /** Quality of each pair, 0..1. */
  readonly levels: readonly number[];
  /** Place in `COARSENESS` of each pair's first layer. */
  readonly coarseness: readonly number[];
}

/**
 * Makes a batch for the codec.
 *
 * @param pairs Images and levels.
 * @returns Tensors, to be disposed.
 */
export function toCodecBatch(
  { high, medium, side, levels, coarseness }: LevelledPairs,
): CodecBatch {
  const n = levels.length;
  return {
    high: imageTensor(high, side),
    medium: imageTensor(medium, side / 2),
    level: tf.tensor2d([...levels], [n, 1]),
    lambda: tf.tensor1d(levels.map(lambdaAt)),
    coarse: tf.tensor2d(coarseness.map((i) => [...COARSENESS[i]!])),
    coarseness: tf.tensor2d(
      coarseness.map((i) => i / (COARSENESS.length - 1)),
      [n, 1],
    ),
  };
}

/**
 * Makes a batch of one pair.
 *
 * @param pairs The pairs.
 * @param index Which pair.
 * @param level Its quality, 0..1.
 * @param coarseness Place in `COARSENESS` of its first layer.
 * @returns Tensors, to be disposed.
 */
export function onePair(
  pairs: Pairs,
  index: number,
  level: number,
  coarseness: number = DEFAULT_COARSENESS,
): CodecBatch {
  const image = (size: "high" | "medium") => toBatch(pairs, size, [index]);
  return toCodecBatch({
    high: image("high"),
    medium: image("medium"),
    side: pairs.highSize,
    levels: [level],
    coarseness: [coarseness],
  });
}
