/**
 * The trainer: whatever learns from pairs of a high and a medium image is
 * trained here, the autoencoders of the sections as well as the codec.
 *
 *     pairs ─▶ batches, made ahead ─▶ inputs ─▶ compiled step ─▶ losses ─▶ train
 *              prefetchBatches        plan      plan            numbers    loop
 *
 * The loop itself, with its history, checkpoints, stop and resume, is in
 * `train.ts`.
 *
 * @module
 */

import {
  type Batch,
  type Pairs,
  type PairSize,
  prefetchBatches,
} from "@/datasets/mod.ts";
import { compile, type Precision, tf } from "@/tensorflow/mod.ts";
import { workerShare } from "./agreement.ts";
import type { TrainingState } from "./checkpoint.ts";
import { imageTensor } from "./images.ts";
import type { RunRecord, Validation } from "./records.ts";
import type { Run } from "./run.ts";
import { learningRate, type ScheduleSettings } from "./schedule.ts";
import { train, type TrainingControls } from "./train.ts";

/** How to watch and to stop a run. */
export interface RunControls extends Omit<TrainingControls, "onRecord"> {
  /** Called with each record, also with those of an earlier part of the run. */
  readonly onRecord?: (record: RunRecord) => void;
}

/** Passes over all pairs, or a number of steps. */
export type RunLength = { readonly epochs: number } | {
  readonly steps: number;
};

/** The losses of a step, all scalars; `loss` is what is minimised. */
export type LossTensors =
  & { readonly loss: tf.Scalar }
  & Readonly<Record<string, tf.Scalar>>;

/** What is trained on pairs, and how. */
export interface PairsPlan<Inputs extends object> {
  /** Name, folder and fingerprint of the run. */
  readonly run: Run;
  /** Shown while it trains; `Training` and the run's name by default. */
  readonly phase?: string;
  /** How long it is trained. */
  readonly length: RunLength;
  /** Maximum number of steps, for trial runs; unlimited by default. */
  readonly maxSteps?: number | undefined;
  /** Steps between validations; one pass over the pairs by default. */
  readonly stepsPerEpoch?: number;
  /** Pairs in each step of each worker. */
  readonly batchSize: number;
  /** Which images of each pair are needed; both by default. */
  readonly sizes?: readonly PairSize[];
  /**
   * Trains on a random square of each pair, this wide in the high image and
   * half as wide in the medium one, mirrored at random; on whole images by
   * default.
   */
  readonly windowSize?: number;
  /** The learning rate over the run. */
  readonly schedule: ScheduleSettings;
  /** What convolutions are computed in; `float32` by default. */
  readonly precision?: Precision;
  /** Decides the order of the pairs, and all random draws of the steps. */
  readonly seed: number;
  /** Weights and the optimisers' state. */
  readonly state: TrainingState;
  /**
   * Turns a batch into the tensors that a step takes; they are disposed.
   *
   * @param batch The step's images.
   * @param step Counted from 1.
   */
  inputs(batch: Batch, step: number): Inputs;
  /**
   * Takes a step; it is compiled.
   *
   * @param inputs Of the step.
   * @param rate The step's learning rate.
   * @param noise Two numbers that seed the step's random draws, different in
   * each step and on each worker: for `randomNormal` and its like.
   * @returns The loss, and its parts by name.
   */
  step(inputs: Inputs, rate: tf.Scalar, noise: tf.Tensor1D): LossTensors;
  /** Measures on the validation split. */
  validate(): Validation | Promise<Validation>;
  /**
   * Called at the end of each epoch, after its validation.
   *
   * @param epoch Counted from 1.
   * @returns A PNG or JPEG file of current reconstructions for TensorBoard, or
   * nothing.
   */
  onEpoch?(epoch: number): Promise<Uint8Array | void>;
}

/**
 * Trains a run from its beginning or from its last checkpoint; of a run that
 * is finished, the state is loaded.
 *
 * @param pairs The pairs to train on.
 * @param plan What is trained, and how.
 * @param controls How to watch and to stop it.
 * @returns The history of the whole run.
 * @throws {TrainingStopped} When the signal stopped it.
 * @throws {TrainingDiverged} When the loss is not finite.
 * @throws {ClusterError} When another worker of the cluster is lost.
 */
export async function trainOnPairs<Inputs extends object>(
  pairs: Pairs,
  plan: PairsPlan<Inputs>,
  controls: RunControls = {},
): Promise<RunRecord[]> {
  const { run, length, schedule, seed, sizes, windowSize, precision } = plan;
  const share = workerShare();
  const batchSize = plan.batchSize * share.count;
  const perPass = stepsPerPass(pairs, batchSize);
  const wanted = "steps" in length ? length.steps : length.epochs * perPass;
  const steps = Math.min(wanted, plan.maxSteps ?? Infinity);
  using step = compile(
    (inputs: Inputs, rate: tf.Scalar, noise: tf.Tensor1D) =>
      plan.step(inputs, rate, noise),
    { name: `${run.name} step`, ...precision && { precision } },
  );
  const history: RunRecord[] = [];
  await train({
    phase: plan.phase ?? `Training ${run.name}`,
    folder: run.folder,
    run: run.id,
    steps,
    stepsPerEpoch: plan.stepsPerEpoch ?? perPass,
    batchSize,
    state: plan.state,
    batches: (firstStep) =>
      prefetchBatches(pairs, {
        batchSize,
        share,
        seed,
        ...sizes && { sizes },
        ...windowSize !== undefined && { windowSize },
        firstStep,
        lastStep: steps,
      }),
    step: (batch, number) => {
      const inputs = plan.inputs(batch, number);
      const rate = tf.scalar(learningRate(number, steps, schedule));
      const draw = number * share.count + share.index;
      const noise = tf.tensor1d([seed, draw], "int32");
      const losses = readScalars(step(inputs, rate, noise));
      tf.dispose([...Object.values(inputs), rate, noise]);
      return losses as { loss: number };
    },
    validate: () => plan.validate(),
    onEpoch: async (epoch) => await plan.onEpoch?.(epoch),
  }, {
    ...controls,
    onRecord: (record) => {
      const named = { run: run.name, ...record };
      history.push(named);
      controls.onRecord?.(named);
    },
  });
  return history;
}

/**
 * Steps of one pass over all pairs: full batches only, and at least one.
 *
 * @param pairs The pairs to train on.
 * @param batchSize Pairs in each step, of all workers together.
 */
export function stepsPerPass(pairs: Pairs, batchSize: number): number {
  return Math.max(1, Math.floor(pairs.count / batchSize));
}

/** The images of a step. */
export interface PairBatch {
  /** `[n, side, side, 3]` in 0..1; the high images' side, or the windows'. */
  readonly high: tf.Tensor4D;
  /** `[n, side / 2, side / 2, 3]` in 0..1, of the same pairs. */
  readonly medium: tf.Tensor4D;
}

/**
 * Both images of each pair as tensors: the `inputs` of most plans.
 *
 * @param batch The step's images.
 */
export function pairTensors({ indices, high, medium }: Batch): PairBatch {
  const side = Math.sqrt(high.length / (3 * indices.length));
  return {
    high: imageTensor(high, side),
    medium: imageTensor(medium, side / 2),
  };
}

/**
 * Reads scalars, such as the losses of a step.
 *
 * @param scalars By name; they are disposed.
 * @returns Their values.
 */
export function readScalars(
  scalars: Readonly<Record<string, tf.Scalar>>,
): Record<string, number> {
  const values = Object.entries(scalars)
    .map(([name, value]) => [name, value.dataSync()[0]!] as const);
  tf.dispose(Object.values(scalars));
  return Object.fromEntries(values);
}
