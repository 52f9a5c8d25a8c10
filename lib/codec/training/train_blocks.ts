/**
 * Trains the codec with blocks of several sizes in two runs:
 *
 *     blocks            the learning rate stays where it is, so that the run can
 *                       be made longer
 *     blocks, cooled    the learning rate falls
 *
 * @module
 */

import { type CodecBatch, onePair, toCodecBatch } from "./codec_batch.ts";
import { readCodecStart } from "./codec_start.ts";
import type { Pairs, PreparedPairs } from "@/datasets/mod.ts";
import { finiteDb, mean } from "@/metrics/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { compile, type Precision, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  placeRun,
  readScalars,
  type Run,
  type RunControls,
  type RunRecord,
  tensors,
  trainOnPairs,
  type Validation,
  WeightAverages,
  workerShare,
} from "@/training/mod.ts";
import { DEFAULT_COARSENESS } from "@/codec/model/nested_quantiser.ts";
import {
  type BlockBatch,
  type BlockLoss,
  blockLoss,
  withCoarseness,
} from "./block_objective.ts";
import { addStrangeWindows } from "./strange_windows.ts";
import {
  BLOCK_SETTINGS,
  type BlockSettings,
} from "@/codec/model/block_settings.ts";
import { blockNorms, blockWeights } from "./block_weights.ts";

/** How the codec is trained. */
export interface BlockTraining {
  /** Widths of the networks. */
  readonly network: BlockSettings;
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
export const BLOCK_TRAINING: BlockTraining = {
  network: BLOCK_SETTINGS,
  trainPairs: 2000,
  pairSize: 320,
  windowSize: 192,
  precision: "bfloat16",
  batchSize: 4,
  rate: 1e-3,
  coolSteps: 8000,
  clipNorm: 1,
};

/** What {@linkcode trainBlocks} is given. */
export interface BlockTask {
  /** How the codec is trained. */
  readonly training: BlockTraining;
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
}

/** Norms are measured on every nth train pair. */
const NORMS_EVERY = 8;

/** Validates after this many steps. */
const STEPS_PER_EPOCH = 1000;

/** Levels that are validated. */
const LEVELS = [0.2, 0.5, 0.8];

/** How often each place of `COARSENESS` is trained. */
const COARSENESS_SHARES = [0.15, 0.55, 0.15, 0.15];

/**
 * Trains a codec, resumes training that was stopped, or loads what is
 * finished.
 *
 * @param task What is trained, on what, and for how long.
 * @returns All weights by name, to be disposed.
 * @throws {TrainingStopped} When the signal stopped it.
 * @throws {CodecStartError} When the weights to start from have other widths.
 */
export async function trainBlocks(
  task: BlockTask,
): Promise<Map<string, tf.Variable>> {
  const { training, steps, pairs, dataset, seed, runs, start } = task;
  // A run can go on on a processor that computes in another precision.
  const { coolSteps, precision: _, ...first } = training;
  const norms = blockNorms(tensors(pairs.train, "high", NORMS_EVERY));
  const weights = blockWeights(training.network, norms, seed);
  try {
    if (start !== undefined) readCodecStart(start, weights);
    const run = placeRun(runs, "blocks", [
      ...[first, dataset, seed],
      ...start === undefined ? [] : [Array.from(start)],
    ]);
    const stages = [
      { run, steps, floor: 1 },
      {
        run: placeRun(runs, "blocks, cooled", [run.id, steps, coolSteps]),
        steps: coolSteps,
        floor: 0.01,
      },
    ];
    for (const stage of stages) {
      if (stage.steps > 0) await trainStage(stage, weights, task);
    }
    return weights;
  } catch (error) {
    tf.dispose([...weights.values()]);
    throw error;
  }
}

async function trainStage(
  { run, steps, floor }: { run: Run; steps: number; floor: number },
  weights: Map<string, tf.Variable>,
  { training, pairs, seed, controls = {} }: BlockTask,
): Promise<RunRecord[]> {
  const { network, windowSize, precision, clipNorm, batchSize } = training;
  const { anchors } = network;
  const share = workerShare();
  const learned = new Map(
    [...weights].filter(([, { trainable }]) => trainable),
  );
  const weight = (name: string) => weights.get(name)!;
  using adam = new Adam(learned, { clipNorm });
  using averages = new WeightAverages(learned);
  const average = (name: string) => averages.get(name) ?? weight(name);
  using check = compile((batch: BlockBatch) => blockLoss(batch, average), {
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
      const pairs = { high, medium, side: windowSize, levels, anchors };
      const chosen = levels.map(() => chooseCoarseness(random()));
      return withCoarseness(toCodecBatch(pairs), chosen);
    },
    step: (batch, rate, noise) => {
      const parts = adam.minimize(
        rate,
        () => ({ ...blockLoss(batch, weight, noise) }),
      );
      averages.update();
      return parts;
    },
    validate: () => validateBlocks(pairs.valid, check, anchors),
  }, { ...controls, saveEverySeconds: 120 });
  averages.apply();
  return records;
}

/** The place in `COARSENESS` for a number in 0..1. */
function chooseCoarseness(random: number): number {
  let sum = 0;
  const place = COARSENESS_SHARES.findIndex((share) => random < (sum += share));
  return place < 0 ? DEFAULT_COARSENESS : place;
}

/** Rates and errors of the validation photos. */
function validateBlocks(
  pairs: Pairs,
  check: (batch: BlockBatch) => BlockLoss,
  anchors: number,
): Validation {
  const found: Record<string, number>[] = [];
  for (let i = 0; i < pairs.count; i++) {
    for (const level of LEVELS) {
      const pair: CodecBatch = onePair(pairs, i, level, anchors);
      const batch = withCoarseness(pair, [DEFAULT_COARSENESS]);
      found.push({ level, ...readScalars({ ...check(batch) }) });
      tf.dispose({ ...batch });
    }
  }
  const meanOf = (name: string, change = (x: number) => x) =>
    mean(found.map((parts) => change(parts[name]!)));
  const decibels = (mse: number) => finiteDb(10 * Math.log10(255 ** 2 / mse));
  return {
    validLoss: meanOf("loss"),
    validPsnrDb: meanOf("highMse", decibels),
    parts: {
      bpp: meanOf("bpp"),
      mediumBpp: meanOf("mediumBpp"),
      hyperBpp: meanOf("hyperBpp"),
      mediumPsnrDb: meanOf("mediumMse", decibels),
      thumbnailPsnrDb: meanOf("thumbnailMse", decibels),
    },
  };
}
