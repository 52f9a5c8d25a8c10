/**
 * The trainer of whatever comes in batches: compiles the step, gives it its
 * learning rate and its noise, and reads its losses.
 *
 *     batches ─▶ inputs ─▶ compiled step ─▶ losses ─▶ train
 *     plan       plan      plan            numbers    loop
 *
 * @module
 */

import { compile, type Precision, tf } from "@/tensorflow/mod.ts";
import { workerShare } from "./agreement.ts";
import type { TrainingState } from "./checkpoint.ts";
import type { RunRecord, Validation } from "./records.ts";
import type { Run } from "./run.ts";
import { learningRate, type ScheduleSettings } from "./schedule.ts";
import { train, type TrainingControls } from "./train.ts";

/** How to watch and to stop a run. */
export interface RunControls extends Omit<TrainingControls, "onRecord"> {
  /** Called with each record, also with those of an earlier part of the run. */
  readonly onRecord?: (record: RunRecord) => void;
}

/** The losses of a step, all scalars; `loss` is what is minimised. */
export type LossTensors =
  & { readonly loss: tf.Scalar }
  & Readonly<Record<string, tf.Scalar>>;

/** What is trained in batches, and how. */
export interface BatchesPlan<Batch, Inputs extends object> {
  /** Name, folder and fingerprint of the run. */
  readonly run: Run;
  /** Shown while it trains; `Training` and the run's name by default. */
  readonly phase?: string;
  /** Number of steps. */
  readonly steps: number;
  /** Steps between validations. */
  readonly stepsPerEpoch: number;
  /** What is in each step of each worker, for the speed. */
  readonly batchSize: number;
  /** The learning rate over the run. */
  readonly schedule: ScheduleSettings;
  /** What convolutions are computed in; `float32` by default. */
  readonly precision?: Precision;
  /** Decides all random draws of the steps. */
  readonly seed: number;
  /** Weights and the optimisers' state. */
  readonly state: TrainingState;
  /**
   * Makes the batches.
   *
   * @param firstStep The step of the first batch, counted from 1.
   * @returns One batch for each step from there on.
   */
  batches(firstStep: number): AsyncIterable<Batch>;
  /**
   * Turns a batch into the tensors that a step takes; they are disposed.
   *
   * @param batch What the step learns from.
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
 * @param plan What is trained, and how.
 * @param controls How to watch and to stop it.
 * @returns The history of the whole run.
 * @throws {TrainingStopped} When the signal stopped it.
 * @throws {TrainingDiverged} When the loss is not finite.
 * @throws {ClusterError} When another worker of the cluster is lost.
 */
export async function trainOnBatches<Batch, Inputs extends object>(
  plan: BatchesPlan<Batch, Inputs>,
  controls: RunControls = {},
): Promise<RunRecord[]> {
  const { run, steps, schedule, seed, precision } = plan;
  const share = workerShare();
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
    stepsPerEpoch: plan.stepsPerEpoch,
    batchSize: plan.batchSize * share.count,
    state: plan.state,
    batches: (firstStep) => plan.batches(firstStep),
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
