/**
 * The write-up's two convolutional networks under each of its five fixes.
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

import { channelStatistics } from "@/datasets/mod.ts";
import {
  type Autoencoder,
  convAutoencoder,
  denseMiddle,
  type ImageScale,
  scaleAutoencoder,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { FixName } from "./fix_names.ts";
import { squaredError } from "./one_code.ts";
import { prefixed } from "./prefixed.ts";
import type { SectionData } from "./prepare_data.ts";
import type { AutoencoderSettings } from "./trained_model.ts";

/** Two networks with codes of one shape. */
export interface ConvPair {
  /** Of medium images. */
  readonly medium: Autoencoder;
  /** Of high images. */
  readonly high: Autoencoder;
}

/** What decides a pair. */
export interface ConvPairSettings {
  /** The medium network without a fix. */
  readonly medium: AutoencoderSettings;
  /** The high network without a fix. */
  readonly high: AutoencoderSettings;
  /** Numbers in the middle of a fully connected layer. */
  readonly denseUnits: number;
}

/**
 * Makes the networks of a fix.
 *
 * @param fix Which one.
 * @param settings Of the networks.
 * @param data What they will be trained on.
 * @param seed Of the first weights.
 */
export function makeConvPair(
  fix: FixName,
  { medium, high, denseUnits: units }: ConvPairSettings,
  { pairs }: SectionData,
  seed: number,
): ConvPair {
  const make = ({ size, side, convolutional, latentChannels }: typeof high) => {
    const factor = fix === "capacity" ? 2 : 1;
    const widths = convolutional.widths.map((width) => width * factor);
    const model = convAutoencoder({ size: side, widths, latentChannels, seed });
    if (fix === "dense") return denseMiddle(model, { units, seed });
    if (fix !== "standardised" && fix !== "normalised") return model;
    return scaleAutoencoder(model, scaleOf(fix, pairs.train, size));
  };
  return { medium: make(medium), high: make(high) };
}

function scaleOf(
  fix: "standardised" | "normalised",
  pairs: SectionData["pairs"]["train"],
  size: AutoencoderSettings["size"],
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
   * What it minimises: a mean squared error, or the sum of two.
   *
   * @param high High images `[n, 344, 344, 3]` in 0..1.
   * @param medium The medium images of the same pairs.
   */
  loss(high: tf.Tensor4D, medium: tf.Tensor4D): tf.Scalar;
}

/**
 * The two turns of a training step: the medium network's, then the high
 * network's. Nothing but its own weights changes in a turn.
 *
 * @param fix Which fix.
 * @param pair Its networks.
 */
export function turnsOf(
  fix: FixName,
  { medium, high }: ConvPair,
): { readonly medium: Turn; readonly high: Turn } {
  const own = (model: Autoencoder, images: tf.Tensor4D) =>
    tf.tidy(() => squaredError(model.decode(model.encode(images)), images));
  const cross = (large: tf.Tensor4D, small: tf.Tensor4D) =>
    tf.tidy(() => squaredError(medium.decode(high.encode(large)), small));
  const mediumWeights = [...medium.weights()].filter(([name]) =>
    fix !== "from start" || name.startsWith("synthesis")
  );
  return {
    medium: {
      weights: new Map(prefixed("medium", mediumWeights)),
      loss: fix === "from start" ? cross : (_, small) => own(medium, small),
    },
    high: {
      weights: new Map(prefixed("high", high.weights())),
      loss: (large, small) =>
        fix !== "alternate"
          ? own(high, large)
          : tf.tidy(() =>
            own(high, large).add(cross(large, small)) as tf.Scalar
          ),
    },
  };
}
