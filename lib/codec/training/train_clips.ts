/**
 * Trains the networks that predict the latents of a frame from the frame before.
 * Images are made by the networks for photos, which stay as they are.
 *
 * @module
 */
import {
  CODEC_SETTINGS,
  type CodecSettings,
} from "@/codec/model/codec_settings.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { realLayer } from "@/codec/model/networks.ts";
import { MEDIUM_SHARE } from "@/codec/model/quality.ts";
import type { Segments } from "@/datasets/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  placeRun,
  readScalars,
  type RunControls,
  type RunRecord,
  trainOnBatches,
  type Validation,
  WeightAverages,
} from "@/training/mod.ts";
import { clipWeights } from "./clip_weights.ts";
import { readCodecStart } from "./codec_start.ts";
import { codecWeights } from "./codec_weights.ts";
import {
  drawFrames,
  type MovedFrame,
  moveFrames,
  stepRandom,
  wholeFrame,
} from "./moved_frames.ts";
import { FIRST_LAYER_WEIGHT } from "./objective.ts";
import { type RateInputs, ratePass } from "./rate_pass.ts";
import { chooseCoarseness } from "./train_codec.ts";
import { meansOfParts } from "./validate_codec.ts";
import { CELL_KINDS } from "@/codec/transform/block_sizes.ts";

/** How the networks are trained. */
export interface ClipTraining {
  /** Widths of the networks, which are those of the weights to start from. */
  readonly network: CodecSettings;
  /** Side of the frames in pixels; a multiple of 64. */
  readonly side: number;
  /** Side of the window that a step sees of each; a multiple of 64. */
  readonly windowSize: number;
  /** Windows in each step. */
  readonly batchSize: number;
  /** The highest learning rate. */
  readonly rate: number;
}

/** The training of the networks for clips. */
export const CLIP_TRAINING: ClipTraining = {
  network: CODEC_SETTINGS,
  side: 320,
  windowSize: 192,
  batchSize: 4,
  rate: 1e-3,
};

/** What {@linkcode trainClips} is given. */
export interface ClipTask {
  /** How they are trained. */
  readonly training: ClipTraining;
  /** Number of steps. */
  readonly steps: number;
  /** Sets of segments of two frames to train on. */
  readonly train: readonly Segments[];
  /** Segments of two frames to validate on. */
  readonly valid: Segments;
  /** Changes with any segment. */
  readonly dataset: string;
  /** Decides first weights and all draws. */
  readonly seed: number;
  /** The folder of all runs, such as `results/runs`. */
  readonly runs: string;
  /** The weights for photos, of `writeCodecStart`. */
  readonly start: Uint8Array;
  /** How to watch and to stop it. */
  readonly controls?: RunControls;
}

/** Trained networks for clips. */
export interface TrainedClips {
  /** Their weights by name; to be disposed. */
  readonly weights: Map<string, tf.Variable>;
  /** What they were trained on. */
  readonly frames: readonly MovedFrame[];
  /** The losses. */
  readonly history: RunRecord[];
}

/** Validates after this many steps. */
const STEPS_PER_EPOCH = 250;

/** Maximum number of frames of a validation. */
const VALIDATED = 12;

/** Levels that are validated. */
const LEVELS = [0.3, 0.5, 0.7];

/**
 * Trains the networks, resumes training that was stopped, or loads what is
 * finished.
 *
 * @param task What is trained, on what, and for how long.
 * @returns The weights, averaged over the last steps, and the losses.
 * @throws {TrainingStopped} When the signal stopped it.
 * @throws {CodecStartError} When the weights to start from have other widths.
 */
export async function trainClips(task: ClipTask): Promise<TrainedClips> {
  const { training, steps, train, valid, dataset, seed, runs } = task;
  const { start, controls = {} } = task;
  // The weights to start from decide the widths.
  const { network, ...numbers } = training;
  const { side, windowSize, batchSize, rate } = training;
  const frames: MovedFrame[] = [];
  for (const segments of train) {
    frames.push(...await moveFrames(segments, controls.onProgress));
  }
  const checked = await moveFrames(valid, controls.onProgress);
  const weights = startWeights(network, start, seed);
  try {
    const learned = new Map(
      [...weights].filter(([, { trainable }]) => trainable),
    );
    const weight = (name: string) => weights.get(name)!;
    using adam = new Adam(learned, { clipNorm: 1 });
    using averages = new WeightAverages(learned);
    const average = (name: string) => averages.get(name) ?? weight(name);
    const run = placeRun(runs, "clips", [
      ...[numbers, steps, dataset, seed],
      Array.from(start),
    ]);
    using check = compile(
      (inputs: RateInputs) => clipLoss(inputs, average),
      { name: `${run.name} validation` },
    );
    const history = await trainOnBatches<number, Required<RateInputs>>({
      ...{ run, steps, batchSize, seed, stepsPerEpoch: STEPS_PER_EPOCH },
      precision: "bfloat16",
      schedule: {
        peak: rate,
        warmUpSteps: Math.min(100, steps),
        floor: 0.02,
      },
      state: new Map([...weights, ...adam.state(), ...averages.state()]),
      batches: async function* (firstStep) {
        for (let step = firstStep; step <= steps; step++) yield step;
      },
      inputs: (step) =>
        drawFrames(frames, {
          ...{ side, window: windowSize, count: batchSize },
          random: stepRandom(seed, step),
          coarseness: chooseCoarseness,
        }),
      step: (inputs, rate, noise) => {
        const parts = adam.minimize(
          rate,
          () => ({ ...clipLoss(inputs, weight, noise) }),
        );
        averages.update();
        return parts;
      },
      validate: () => validate(checked, side, check),
    }, { ...controls, saveEverySeconds: 120 });
    averages.apply();
    return { weights, frames, history };
  } catch (error) {
    tf.dispose([...weights.values()]);
    throw error;
  }
}

/** The weights for photos, made ready for clips. */
function startWeights(
  network: CodecSettings,
  start: Uint8Array,
  seed: number,
): Map<string, tf.Variable> {
  const norms = {
    cells: new Float32Array(CHANNELS),
    kinds: new Float32Array(CELL_KINDS * CHANNELS),
  };
  const photo = codecWeights(network, norms, seed);
  try {
    readCodecStart(start, photo);
    return clipWeights(photo, seed);
  } finally {
    tf.dispose([...photo.values()]);
  }
}

/** The objective and its parts, as means over the batch. */
export interface ClipLoss {
  /** What is minimised, as for photos, but of coefficients. */
  readonly loss: tf.Scalar;
  /** Bits of the frame per pixel. */
  readonly bpp: tf.Scalar;
  /** Bits of the medium frame per pixel of the high one. */
  readonly mediumBpp: tf.Scalar;
  /** Bits of the hyper-latent per pixel. */
  readonly hyperBpp: tf.Scalar;
  /** Mean squared error before corrections, of values in 0..255. */
  readonly highMse: tf.Scalar;
}

/**
 * The objective of a batch of frames. The transform is orthonormal, so errors of
 * coefficients are those of pixels before corrections.
 *
 * @param inputs Frames and those before them.
 * @param weights The networks' weights.
 * @param noise Two numbers that seed the noise which stands for rounding; by
 * default values are rounded.
 * @returns The loss and its parts.
 */
export function clipLoss(
  inputs: RateInputs,
  weights: (name: string) => tf.Tensor,
  noise?: tf.Tensor1D,
): ClipLoss {
  return tf.tidy(() => {
    const pass = ratePass(inputs, weights, realLayer(weights), noise);
    const { lambda, high } = inputs;
    const pixels = high.shape[1] * high.shape[2];
    const errorOf = (decoded: readonly tf.Tensor4D[], channels: number) => {
      const part = (x: tf.Tensor4D) =>
        x.slice([0, 0, 0, 0], [-1, -1, -1, channels]);
      return part(pass.latents).sub(tf.concat([...decoded], 3))
        .mul(part(pass.norms)).square().sum([1, 2, 3]).div(3 * pixels);
    };
    const highMse = errorOf(pass.all, CHANNELS);
    const rates = {
      bpp: pass.bits.div(pixels),
      mediumBpp: pass.mediumBits.div(pixels),
      hyperBpp: pass.hyperBits.div(pixels),
    };
    const medium = errorOf(pass.first, MEDIUM_CHANNELS)
      .mul(lambda).mul(MEDIUM_SHARE);
    const losses = tf.addN([
      rates.bpp,
      highMse.mul(lambda),
      medium,
      rates.mediumBpp.add(medium).mul(FIRST_LAYER_WEIGHT),
    ]);
    const means = Object.entries({ ...rates, highMse })
      .map(([name, values]) => [name, values.mean()]);
    return {
      loss: losses.mul(lambda.mul(100).rsqrt()).mean(),
      ...Object.fromEntries(means),
    };
  });
}

function validate(
  frames: readonly MovedFrame[],
  side: number,
  check: (inputs: RateInputs) => ClipLoss,
): Validation {
  const count = Math.min(VALIDATED, frames.length);
  const found: Record<string, number>[] = [];
  for (let i = 0; i < count; i++) {
    const frame = frames[Math.floor(i * frames.length / count)]!;
    const inputs = wholeFrame(frame, side, LEVELS[i % LEVELS.length]!, 1);
    found.push(readScalars({ ...check(inputs) }));
    tf.dispose({ ...inputs });
  }
  return meansOfParts(found);
}
