/**
 * Trains the codec in two runs:
 *
 *     codec            the learning rate stays where it is, so that the run can
 *                      be made longer
 *     codec, cooled    the learning rate falls
 *
 * @module
 */

import {
  CODEC_SETTINGS,
  type CodecSettings,
} from "@/codec/model/codec_settings.ts";
import { DEFAULT_COARSENESS } from "@/codec/model/nested_quantiser.ts";
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
  WeightAverages,
  workerShare,
} from "@/training/mod.ts";
import { type CodecBatch, toCodecBatch } from "./codec_batch.ts";
import { readCodecStart } from "./codec_start.ts";
import { codecWeights, coefficientNorms } from "./codec_weights.ts";
import { codecLoss } from "./objective.ts";
import { addStrangeWindows } from "./strange_windows.ts";
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
  /** Side of their high images; a multiple of 64. */
  readonly pairSize: number;
  /** Side of the random window of each that a step sees; a multiple of 64. */
  readonly windowSize: number;
  /** What convolutions are computed in. */
  readonly precision: Precision;
  /** Windows in each step of each worker. */
  readonly batchSize: number;
  /** The learning rate of the first run. */
  readonly rate: number;
  /** Steps of the second run, in which the rate falls. */
  readonly coolSteps: number;
  /** Gradients are scaled down to this global norm. */
  readonly clipNorm: number;
}

/** The codec's training. */
export const CODEC_TRAINING: CodecTraining = {
  network: CODEC_SETTINGS,
  trainPairs: 2000,
  pairSize: 320,
  windowSize: 192,
  precision: "bfloat16",
  batchSize: 4,
  rate: 1e-3,
  coolSteps: 8000,
  clipNorm: 1,
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
  /** Decides first weights, orders, windows, levels and coarseness. */
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

/** Norms are measured on every nth train pair. */
const NORMS_EVERY = 8;

/** Validates after this many steps. */
const STEPS_PER_EPOCH = 1000;

/** How often each place of `COARSENESS` is trained. */
const COARSENESS_SHARES = [0.15, 0.55, 0.15, 0.15];

/**
 * Trains a codec, resumes training that was stopped, or loads what is
 * finished.
 *
 * @param task What is trained, on what, and for how long.
 * @returns The weights, averaged over the last steps, and the losses.
 * @throws {TrainingStopped} When the signal stopped it.
 * @throws {CodecStartError} When the weights to start from have other widths.
 * @throws {SafetensorsError} When they are not a file of weights.
 */
export async function trainCodec(task: CodecTask): Promise<TrainedCodec> {
  const { training, steps, pairs, dataset, seed, runs, start } = task;
  // A run can go on on a processor that computes in another precision.
  const { coolSteps, precision: _, ...first } = training;
  const norms = coefficientNorms(tensors(pairs.train, "high", NORMS_EVERY));
  const weights = codecWeights(training.network, norms, seed);
  const history: RunRecord[] = [];
  try {
    if (start !== undefined) readCodecStart(start, weights);
    const run = placeRun(runs, "codec", [
      ...[first, dataset, seed],
      ...start === undefined ? [] : [Array.from(start)],
    ]);
    const stages = [
      { run, steps, floor: 1 },
      {
        run: placeRun(runs, "codec, cooled", [run.id, steps, coolSteps]),
        steps: coolSteps,
        floor: 0.01,
      },
    ];
    for (const stage of stages) {
      if (stage.steps === 0) continue;
      history.push(...await trainStage(stage, weights, task));
    }
    return { weights, history };
  } catch (error) {
    tf.dispose([...weights.values()]);
    throw error;
  }
}

async function trainStage(
  { run, steps, floor }: { run: Run; steps: number; floor: number },
  weights: Map<string, tf.Variable>,
  { training, pairs, seed, controls = {}, drawPhotos }: CodecTask,
): Promise<RunRecord[]> {
  const { windowSize, precision, clipNorm, batchSize } = training;
  const share = workerShare();
  const learned = new Map(
    [...weights].filter(([, { trainable }]) => trainable),
  );
  const weight = (name: string) => weights.get(name)!;
  using adam = new Adam(learned, { clipNorm });
  using averages = new WeightAverages(learned);
  const average = (name: string) => averages.get(name) ?? weight(name);
  using check = compile((batch: CodecBatch) => codecLoss(batch, average), {
    name: `${run.name} validation`,
  });
  const records = await trainOnPairs(pairs.train, {
    run,
    length: { steps },
    stepsPerEpoch: STEPS_PER_EPOCH,
    batchSize,
    windowSize,
    precision,
    schedule: { peak: training.rate, warmUpSteps: Math.min(200, steps), floor },
    seed,
    state: new Map([...weights, ...adam.state(), ...averages.state()]),
    inputs: (batch, step) => {
      addStrangeWindows(
        batch,
        windowSize,
        seededRandom(seed, "strange", step, share.index),
      );
      const { high, medium, indices } = batch;
      const random = seededRandom(seed, "level", step, share.index);
      const levels = indices.map(() => random());
      const coarseness = levels.map(() => chooseCoarseness(random()));
      return toCodecBatch({
        ...{ high, medium, side: windowSize, levels, coarseness },
      });
    },
    step: (batch, rate, noise) => {
      const parts = adam.minimize(
        rate,
        () => ({ ...codecLoss(batch, weight, noise) }),
      );
      averages.update();
      return parts;
    },
    validate: () =>
      validateCodec(pairs.valid, (batch) => ({ ...check(batch) })),
    onEpoch: async () => {
      if (!controls.tensorBoard || drawPhotos === undefined) return;
      return await drawPhotos(codecImages(pairs.valid, average));
    },
  }, { ...controls, saveEverySeconds: 120 });
  averages.apply();
  return records;
}

/**
 * Chooses how coarse a first layer is trained.
 *
 * @param random A number in 0..1.
 * @returns The place in `COARSENESS`.
 */
export function chooseCoarseness(random: number): number {
  let sum = 0;
  const place = COARSENESS_SHARES.findIndex((share) => random < (sum += share));
  return place < 0 ? DEFAULT_COARSENESS : place;
}
