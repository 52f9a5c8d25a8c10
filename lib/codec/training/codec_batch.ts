/**
 * What the codec's networks are given in training: images and their qualities.
 *
 * @module
 */

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
  /** The weight of each anchor for it, `[n, anchors]`. */
  readonly anchors: tf.Tensor2D;
  /** λ of each image, `[n]`. */
  readonly lambda: tf.Tensor1D;
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
  /** Number of anchors of the codec. */
  readonly anchors: number;
}

/**
 * Makes a batch for the codec.
 *
 * @param pairs Images and levels.
 * @returns Tensors, to be disposed.
 */
export function toCodecBatch(
  { high, medium, side, levels, anchors }: LevelledPairs,
): CodecBatch {
  const n = levels.length;
  return {
    high: imageTensor(high, side),
    medium: imageTensor(medium, side / 2),
    level: tf.tensor2d([...levels], [n, 1]),
    anchors: tf.tensor2d(
      levels.map((level) => anchorWeights(level, anchors)),
      [n, anchors],
    ),
    lambda: tf.tensor1d(levels.map(lambdaAt)),
  };
}

/**
 * Makes a batch of one pair.
 *
 * @param pairs The pairs.
 * @param index Which pair.
 * @param level Its quality, 0..1.
 * @param anchors Number of anchors of the codec.
 * @returns Tensors, to be disposed.
 */
export function onePair(
  pairs: Pairs,
  index: number,
  level: number,
  anchors: number,
): CodecBatch {
  const image = (size: "high" | "medium") => toBatch(pairs, size, [index]);
  return toCodecBatch({
    high: image("high"),
    medium: image("medium"),
    side: pairs.highSize,
    levels: [level],
    anchors,
  });
}

/**
 * The weight of each anchor at a level: linear between the two nearest ones.
 *
 * @param level The quality in 0..1.
 * @param anchors The number of anchors, evenly spread from 0 to 1.
 * @returns One weight per anchor; their sum is 1.
 *
 * @example
 * ```ts
 * import { anchorWeights } from "./codec_batch.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(anchorWeights(0.75, 3), [0, 0.5, 0.5]);
 * ```
 */
export function anchorWeights(level: number, anchors: number): number[] {
  const place = level * (anchors - 1);
  return Array.from(
    { length: anchors },
    (_, i) => Math.max(0, 1 - Math.abs(place - i)),
  );
}
