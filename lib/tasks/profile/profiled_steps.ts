/**
 * The compiled functions that `deno task profile` measures, with the sizes and
 * batches of the sections and of the codec, on random images.
 *
 * @module
 */
import { codecWeights } from "@/codec/training/codec_weights.ts";
import { CODEC_TRAINING } from "@/codec/training/train_codec.ts";
import { BLOCK } from "@/codec/format/tiles.ts";
import { CHANNELS } from "@/codec/transform/colour_dct.ts";
import { correctHigh } from "@/codec/model/networks.ts";
import {
  convAutoencoder,
  reconstructionLoss,
  squaredError,
} from "@/models/mod.ts";
import { superResolutionNetwork } from "@/models/enlarging/mod.ts";
import { autoencoderSettings } from "@/sections/autoencoders/mod.ts";
import {
  compile,
  type FunctionProfile,
  type Precision,
  tf,
} from "@/tensorflow/mod.ts";
import { codecStep, UNIT_NORMS } from "@/tasks/bench/codec_step.ts";
import { Adam } from "@/training/mod.ts";

/** What a step is made for. */
export interface StepOptions {
  /** What convolutions and matrix products are computed in. */
  readonly precision: Precision;
  /** Runs to measure. */
  readonly runs: number;
}

/** A function to measure. */
export interface ProfiledStep {
  /** What it is, for `--help`. */
  readonly help: string;
  /** Measures it. */
  readonly profile: (options: StepOptions) => FunctionProfile;
}

/** The functions by the names that the task takes. */
export const PROFILED_STEPS: Readonly<Record<string, ProfiledStep>> = {
  medium: {
    help: "a training step of medium training",
    profile: (options) => profileAutoencoder("medium", options),
  },
  high: {
    help: "a training step of high training",
    profile: (options) => profileAutoencoder("high", options),
  },
  codec: { help: "a training step of the codec", profile: profileCodec },
  decode: {
    help: "the codec's coefficients to a high image of 344 x 344 pixels",
    profile: profileDecode,
  },
  super_resolution: {
    help: "a training step of super-resolution",
    profile: profileSuperResolution,
  },
};

function profileAutoencoder(
  size: "medium" | "high",
  { precision, runs }: StepOptions,
): FunctionProfile {
  const { side, latentChannels, batchSize, convolutional: { widths } } =
    autoencoderSettings(size, "full");
  const model = convAutoencoder({
    size: side,
    widths,
    latentChannels,
    seed: 1,
  });
  using adam = new Adam(model.weights());
  using step = compile(
    (images: tf.Tensor4D, rate: tf.Scalar) =>
      adam.minimize(rate, () => ({ loss: reconstructionLoss(model, images) })),
    { name: `${size} training step`, precision },
  );
  const images = tf.randomUniform<tf.Rank.R4>([batchSize, side, side, 3]);
  return step.profile([images, tf.scalar(1e-3)], runs);
}

function profileCodec({ precision, runs }: StepOptions): FunctionProfile {
  const { windowSize, batchSize } = CODEC_TRAINING;
  using codec = codecStep(windowSize, batchSize);
  using step = compile(codec.step, { name: "codec training step", precision });
  return step.profile(codec.args, runs);
}

function profileDecode({ precision, runs }: StepOptions): FunctionProfile {
  const { network } = CODEC_TRAINING;
  const weights = codecWeights(network, UNIT_NORMS, 1);
  const [rows, columns] = [344 / BLOCK, 344 / BLOCK];
  using synthesise = compile(
    (cells: tf.Tensor4D, known: tf.Tensor4D) =>
      correctHigh(cells, { known }, (name) => weights.get(name)!),
    { name: "codec decoder", precision },
  );
  return synthesise.profile([
    tf.randomNormal<tf.Rank.R4>([1, rows, columns, CHANNELS]),
    tf.fill<tf.Rank.R4>([1, rows, columns, 1], 0.5),
  ], runs);
}

function profileSuperResolution(
  { precision, runs }: StepOptions,
): FunctionProfile {
  const network = superResolutionNetwork({
    ...{ width: 32, blocks: 4, interpolation: "lanczos3", seed: 1 },
  });
  using adam = new Adam(network.weights());
  using step = compile(
    (medium: tf.Tensor4D, high: tf.Tensor4D, rate: tf.Scalar) =>
      adam.minimize(rate, () => ({
        loss: squaredError(network.enlarge(medium), high),
      })),
    { name: "super-resolution training step", precision },
  );
  return step.profile([
    tf.randomUniform<tf.Rank.R4>([8, 48, 48, 3]),
    tf.randomUniform<tf.Rank.R4>([8, 96, 96, 3]),
    tf.scalar(1e-3),
  ], runs);
}
