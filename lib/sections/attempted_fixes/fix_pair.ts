/**
 * Two networks with codes of one shape under each of the write-up's five
 * fixes. The networks may be of any kind.
 *
 * | Fix           | What differs from no fix                                |
 * | ------------- | ------------------------------------------------------- |
 * | standardised  | images with mean 0 and deviation 1 in each channel      |
 * | normalised    | images with least value 0 and greatest 1                |
 * | capacity      | twice the channels in every layer                       |
 * | dense         | a fully connected layer in the middle of each network   |
 * | alternate     | the networks take turns, and the high one's turn also   |
 * |               | asks that the medium decoder understands its code       |
 * | from start    | the medium decoder learns from high codes alone         |
 *
 * Without a fix, images are in 0..1 minus 0.5.
 *
 * @module
 */

import { channelStatistics, type PairSize } from "@/datasets/mod.ts";
import {
  type Autoencoder,
  decoderOf,
  denseMiddle,
  type ImageScale,
  type OwnLoss,
  prefixed,
  reconstructionLoss,
  scaleAutoencoder,
  squaredError,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { FixName } from "./names.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";

/** Two networks with codes of one shape. */
export interface NetworkPair {
  /** Of medium images. */
  readonly medium: Autoencoder;
  /** Of high images. */
  readonly high: Autoencoder;
}

/** What decides a pair. */
export interface FixPairSettings {
  /**
   * Makes a network without a fix.
   *
   * @param size Of which images.
   * @param factor Multiplies the channels of its layers, not of its code.
   */
  make(size: PairSize, factor: number): Autoencoder;
  /** Numbers in the middle of a fully connected layer. */
  readonly denseUnits: number;
}

/**
 * Makes the networks of a fix.
 *
 * @param fix Which one.
 * @param settings Of the networks.
 * @param data What they will be trained on.
 * @param seed Of the first weights of what the fix adds.
 */
export function makeFixPair(
  fix: FixName,
  { make, denseUnits: units }: FixPairSettings,
  { pairs }: SectionData,
  seed: number,
): NetworkPair {
  const fixed = (size: PairSize) => {
    const model = make(size, fix === "capacity" ? 2 : 1);
    if (fix === "dense") return denseMiddle(model, { units, seed });
    if (fix !== "standardised" && fix !== "normalised") return model;
    return scaleAutoencoder(model, scaleOf(fix, pairs.train, size));
  };
  return { medium: fixed("medium"), high: fixed("high") };
}

function scaleOf(
  fix: "standardised" | "normalised",
  pairs: SectionData["pairs"]["train"],
  size: PairSize,
): ImageScale {
  const { mean, std, min, max } = channelStatistics(pairs, size);
  return fix === "standardised"
    ? { shift: mean, scale: std }
    : { shift: min, scale: max.map((value, i) => value - min[i]!) };
}

/** One network's turn in a step. */
export interface Turn {
  /** What it learns with, by names that are unique in both turns together. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /**
   * What it minimises: a mean squared error, or the sum of two; more where the
   * networks' own loss is more.
   *
   * @param high High images `[n, 344, 344, 3]` in 0..1.
   * @param medium The medium images of the same pairs.
   * @param noise Seeds random draws of the networks' own loss.
   */
  loss(high: tf.Tensor4D, medium: tf.Tensor4D, noise: tf.Tensor1D): tf.Scalar;
}

/**
 * The two turns of a training step: the medium network's, then the high
 * network's. Nothing but its own weights changes in a turn.
 *
 * @param fix Which fix.
 * @param pair Its networks.
 * @param own The loss of a network on its own images.
 */
export function turnsOf(
  fix: FixName,
  { medium, high }: NetworkPair,
  own: OwnLoss = reconstructionLoss,
): { readonly medium: Turn; readonly high: Turn } {
  const cross = (large: tf.Tensor4D, small: tf.Tensor4D) =>
    tf.tidy(() => squaredError(medium.decode(high.encode(large)), small));
  const weights = fix === "from start"
    ? decoderOf(medium).weights()
    : medium.weights();
  return {
    medium: {
      weights: new Map(prefixed("medium", weights)),
      loss: fix === "from start"
        ? cross
        : (_, small, noise) => own(medium, small, noise),
    },
    high: {
      weights: new Map(prefixed("high", high.weights())),
      loss: (large, small, noise) =>
        fix !== "alternate"
          ? own(high, large, noise)
          : tf.tidy(() =>
            own(high, large, noise).add(cross(large, small)) as tf.Scalar
          ),
    },
  };
}
