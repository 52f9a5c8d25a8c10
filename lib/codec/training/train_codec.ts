/**
 * Trains the codec's networks in up to three runs, each from the weights of
 * the one before:
 *
 *     codec            the learning rate stays where it is, so that the run can
 *                      be made longer
 *     codec, cooled    short; the learning rate falls
 *     codec, VARIANT   what the codec is compared with
 *
 * @module
 */

import type { CodecSettings } from "@/codec/model/codec_model.ts";
import type { PreparedPairs } from "@/datasets/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { compile, type Precision, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  placeRun,
  type Run,
  type RunControls,
  type RunRecord,
  tensors,
  trainOnPairs,
  workerShare,
} from "@/training/mod.ts";
import { type CodecBatch, toCodecBatch } from "./codec_batch.ts";
import { readCodecStart } from "./codec_start.ts";
import { type CodecVariant, readAllLatents } from "./codec_variant.ts";
import {
  CODEC_SETTINGS,
  codecWeights,
  coefficientNorms,
} from "./codec_weights.ts";
import { codecLoss } from "./objective.ts";
import {
  type CodecImages,
  codecImages,
  validateCodec,
} from "./validate_codec.ts";

/** How the codec is trained. */
export interface CodecTraining {
  /** Widths of the networks. */
  readonly network: CodecSettings;
  /** Pairs to train on. */
  readonly trainPairs: number;
  /** Side of their high images; a multiple of 32. */
  readonly pairSize: number;
  /** Side of the random window of each that a step sees; a multiple of 32. */
  readonly windowSize: number;
  /** What convolutions are computed in. */
  readonly precision: Precision;
  /** Windows in each step of each worker. */
  readonly batchSize: number;
  /** The learning rate of the first run. */
  readonly rate: number;
  /** Steps of the second run, in which the rate falls. */
  readonly coolSteps: number;
  /** What is made; by default the layered codec, which has no third run. */
  readonly variant?: CodecVariant;
  /** Steps of the third run. */
  readonly variantSteps: number;
  /** The learning rate that it starts at. */
  readonly variantRate: number;
  /** Gradients are scaled down to this global norm. */
  readonly clipNorm: number;
  /** What the medium image counts beside the high one. */
  readonly mediumShare: number;
}

/** The published codec's training. */
export const CODEC_TRAINING: CodecTraining = {
  network: CODEC_SETTINGS,
  trainPairs: 1200,
  pairSize: 352,
  windowSize: 192,
  precision: "bfloat16",
  batchSize: 4,
  rate: 1e-3,
  coolSteps: 8000,
  variantSteps: 2500,
  variantRate: 3e-4,
  clipNorm: 1,
  mediumShare: 0.25,
};

/** What {@linkcode trainCodec} is given. */
export interface CodecTask {
  /** How the codec is trained. */
  readonly training: CodecTraining;
  /** Steps of the first run, which resumes when it is asked for more steps. */
  readonly steps: number;
  /** What it is trained and validated on. */
  readonly pairs: PreparedPairs;
  /** Changes with anything in the pairs; anything that JSON can hold. */
  readonly dataset: unknown;
  /** Decides first weights, orders, windows and levels. */
  readonly seed: number;
  /** The folder of all runs, such as `results/runs`. */
  readonly runs: string;
  /** Weights that the first run starts from, of `writeCodecStart`. */
  readonly start?: Uint8Array | undefined;
  /** How to watch and to stop it. */
  readonly controls?: RunControls;
  /**
   * Draws a figure of validation photos for TensorBoard.
   *
   * @param images What the networks make of them.
   * @returns A PNG or JPEG file.
   */
  readonly drawPhotos?: (images: CodecImages) => Promise<Uint8Array>;
}

/** A trained codec. */
export interface TrainedCodec {
  /** All its weights by name; to be disposed. */
  readonly weights: Map<string, tf.Variable>;
  /** Losses of all runs. */
  readonly history: RunRecord[];
}

/** Norms of the coefficients are measured on every nth train pair. */
const NORMS_EVERY = 8;

/** Validates after this many steps; a pass over the pairs is another length. */
const STEPS_PER_EPOCH = 500;

/**
 * Trains a codec, resumes training that was stopped, or loads what is
 * finished.
 *
 * @param task What is trained, on what, and for how long.
 * @returns The weights and the losses.
 * @throws {TrainingStopped} When the signal stopped it.
 * @throws {CodecStartError} When the weights to start from have other widths.
 * @throws {SafetensorsError} When they are not a file of weights.
 */
export async function trainCodec(task: CodecTask): Promise<TrainedCodec> {
  const { training, steps, pairs, dataset, seed, runs, start } = task;
  const {
    coolSteps,
    variant = "layered",
    variantSteps,
    variantRate,
    ...first
  } = training;
  const { rate, mediumShare } = training;
  const norms = coefficientNorms(
    tensors(pairs.train, "high", NORMS_EVERY),
  );
  const weights = codecWeights(training.network, norms, seed);
  const history: RunRecord[] = [];
  try {
    if (start !== undefined) readCodecStart(start, weights);
    const run = placeRun(runs, "codec", [
      ...[first, dataset, seed],
      ...start === undefined ? [] : [Array.from(start)],
    ]);
    const { id } = run;
    const train = async (stage: Stage) => {
      if (stage.steps === 0) return;
      history.push(...await trainStage(stage, weights, task));
    };
    await train({
      run,
      ...{ steps, rate, floor: 1, mediumShare },
    });
    await train({
      run: placeRun(runs, "codec, cooled", [id, steps, coolSteps]),
      ...{ steps: coolSteps, rate, floor: 0.01, mediumShare },
    });
    if (variant === "layered") return { weights, history };
    if (variant === "two-decoders") readAllLatents(weights);
    await train({
      run: placeRun(runs, `codec, ${variant}`, [
        ...[id, steps, coolSteps],
        ...[variant, variantSteps, variantRate],
      ]),
      steps: variantSteps,
      rate: variantRate,
      floor: 0.01,
      mediumShare: variant === "high-only" ? 0 : mediumShare,
    });
    return { weights, history };
  } catch (error) {
    tf.dispose([...weights.values()]);
    throw error;
  }
}

/** One of the runs. */
interface Stage {
  readonly run: Run;
  readonly steps: number;
  /** The learning rate after the first steps. */
  readonly rate: number;
  /** The part of it that is left in the end. */
  readonly floor: number;
  /** What the medium image counts beside the high one. */
  readonly mediumShare: number;
}

async function trainStage(
  { run, steps, rate, floor, mediumShare }: Stage,
  weights: Map<string, tf.Variable>,
  { training, pairs, seed, controls = {}, drawPhotos }: CodecTask,
): Promise<RunRecord[]> {
  const { network, windowSize, precision, clipNorm, batchSize } = training;
  const { anchors } = network;
  const share = workerShare();
  const learned = new Map(
    [...weights].filter(([, { trainable }]) => trainable),
  );
  const weight = (name: string) => weights.get(name)!;
  const losses = (batch: CodecBatch, noise?: tf.Tensor1D) => ({
    ...codecLoss(batch, weight, noise, mediumShare),
  });
  using adam = new Adam(learned, { clipNorm });
  using check = compile((batch: CodecBatch) => losses(batch), {
    name: `${run.name} validation`,
  });
  return await trainOnPairs(pairs.train, {
    run,
    length: { steps },
    stepsPerEpoch: STEPS_PER_EPOCH,
    batchSize,
    windowSize,
    precision,
    schedule: { peak: rate, warmUpSteps: Math.min(200, steps), floor },
    seed,
    state: new Map([...weights, ...adam.state()]),
    inputs: ({ high, medium, indices }, step) => {
      const random = seededRandom(seed, "level", step, share.index);
      const levels = indices.map(() => random());
      return toCodecBatch({ high, medium, side: windowSize, levels, anchors });
    },
    step: (batch, rate, noise) =>
      adam.minimize(rate, () => losses(batch, noise)),
    validate: () => validateCodec(pairs.valid, check, anchors),
    onEpoch: async () => {
      if (!controls.tensorBoard || drawPhotos === undefined) return;
      return await drawPhotos(codecImages(pairs.valid, weight, anchors));
    },
  }, { ...controls, saveEverySeconds: 120 });
}
