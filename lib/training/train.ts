/**
 * The training loop: steps, epochs, history, checkpoints, stop and resume.
 *
 *     checkpoint? ─▶ restore ─▶ ┌ batch ▶ step ▶ record ┐ ─▶ result
 *                               │ epoch's end: validate │
 *                               └ now and then: save    ┘
 *
 * A run that is killed at any moment goes on from its last checkpoint and ends
 * as it would have ended undisturbed: what a step does depends on the state in
 * the checkpoint and on the step's number alone. On one machine that is so bit
 * for bit. Another number of cores adds up sums in another order: with 1 core
 * instead of 2, losses differ from about the sixth digit on after 8 steps.
 *
 * @module
 */

import { takeFileLock } from "@/files/file_lock.ts";
import { currentCluster, explainLoss } from "@/tensorflow/mod.ts";
import {
  agreeOnStart,
  isWriter,
  shareStep,
  type StepNews,
  waitForOthers,
} from "./agreement.ts";
import { findCheckpoint, restoreState } from "./checkpoint.ts";
import type { TrainingState } from "./checkpoint.ts";
import { History } from "./history.ts";
import type { OnProgress } from "@/files/progress.ts";
import type { HistoryRecord, LossParts, Validation } from "./records.ts";
import { removeLeftovers } from "@/files/remove_leftovers.ts";
import { Saver } from "./saver.ts";
import { Speedometer } from "./speedometer.ts";

/** A run: what is trained, on what, and for how long. */
export interface TrainingPlan<Batch> {
  /** What it is, for the progress line. */
  readonly phase: string;
  /** Where history and checkpoints go. */
  readonly folder: string;
  /** Changes with anything that changes the run: settings, seed, data. */
  readonly run: string;
  /** Steps in all. */
  readonly steps: number;
  /** Steps an epoch. */
  readonly stepsPerEpoch: number;
  /** Photos a step, of all workers together, for the speed. */
  readonly batchSize: number;
  /** Weights and the optimiser's state. */
  readonly state: TrainingState;
  /** Batches from a step on, counted from 1. */
  batches(firstStep: number): AsyncIterable<Batch>;
  /** Takes a step and returns its losses. */
  step(batch: Batch, step: number): LossParts & { readonly loss: number };
  /** Measures on the validation split. */
  validate(): Promise<Validation>;
  /**
   * Called at the end of each epoch, after its validation. A PNG or JPEG file
   * of current reconstructions that it returns is logged for TensorBoard.
   */
  onEpoch?(epoch: number): Promise<Uint8Array | void>;
}

/** How to watch and to stop a run. */
export interface TrainingControls {
  /** Told after each step. */
  readonly onProgress?: OnProgress;
  /** Told of each record, also of those of an earlier part of the run. */
  readonly onRecord?: (record: HistoryRecord) => void;
  /** Told of a checkpoint that is torn and passed over. */
  readonly onWarning?: (message: string) => void;
  /** Stops after the step, saves and throws {@linkcode TrainingStopped}. */
  readonly signal?: AbortSignal;
  /** Seconds between checkpoints within an epoch; 20 by default. */
  readonly saveEverySeconds?: number;
  /** Also logs for TensorBoard, beside the history; not by default. */
  readonly tensorBoard?: boolean;
}

/** Thrown when a run was stopped; it can go on from where it is. */
export class TrainingStopped extends Error {
  /** The class, for stack traces. */
  override name = "TrainingStopped";

  /** Says how far it came. */
  constructor(phase: string, step: number, steps: number) {
    super(
      `${phase} stopped after step ${step} of ${steps}; the same command goes on from there.`,
    );
  }
}

/** Thrown when a loss is not a number any more. */
export class TrainingDiverged extends Error {
  /** The class, for stack traces. */
  override name = "TrainingDiverged";
}

/** Longest time without a look at signals and timers, in milliseconds. */
const BREATH = 50;

/**
 * Trains, from the last checkpoint if there is one. Where another process is
 * at the same run, it waits for it and then goes on or takes what is there.
 *
 * @returns The history of the whole run.
 * @throws {TrainingStopped} When the signal stopped it.
 * @throws {TrainingDiverged} When the loss is not finite.
 * @throws {ClusterError} When another worker of the cluster is lost.
 * @throws {Error} In one sentence, when the disk is full; the last checkpoint
 * is then unharmed.
 */
export async function train<Batch>(
  plan: TrainingPlan<Batch>,
  controls: TrainingControls = {},
): Promise<readonly HistoryRecord[]> {
  if (!isWriter()) return await run(plan, controls);
  await Deno.mkdir(plan.folder, { recursive: true });
  const phase = "Waiting for another process that trains the same";
  using _lock = await takeFileLock(`${plan.folder}/lock`, {
    signal: controls.signal,
    onWait: () => controls.onProgress?.({ phase, done: 0, total: 0 }),
  });
  await removeLeftovers(plan.folder);
  return await run(plan, controls);
}

async function run<Batch>(
  plan: TrainingPlan<Batch>,
  controls: TrainingControls,
): Promise<readonly HistoryRecord[]> {
  const { steps } = plan;
  const done = await agreeOnStart(
    plan.run,
    isWriter() ? await resume(plan, controls) : 0,
    plan.state,
    controls.onProgress,
  );
  const history = isWriter()
    ? await History.open(
      plan.folder,
      done,
      controls.tensorBoard ? plan : undefined,
    )
    : History.inMemory();
  history.records.forEach((record) => controls.onRecord?.(record));
  const speed = new Speedometer(plan.phase, plan.batchSize, steps);
  const saver = new Saver(plan, history, controls.saveEverySeconds ?? 20);
  let step = done;
  const stop = async () => {
    await saver.save(step);
    throw new TrainingStopped(plan.phase, step, steps);
  };
  const wantsStop = () => controls.signal?.aborted ?? false;
  if (wantsStop()) await stop();
  if (step >= steps) return history.records;
  const isAlone = currentCluster() === undefined;
  for await (const batch of plan.batches(step + 1)) {
    step++;
    const news = await shareStep({
      losses: await takeStep(plan, batch, step),
      stop: wantsStop(),
      save: saver.isDue(),
    });
    record(plan, history, news.losses, step, controls);
    controls.onProgress?.(speed.report(step, lastLoss(history)));
    const epochEnds = step % plan.stepsPerEpoch === 0 || step === steps;
    if (epochEnds) await endEpoch(plan, history, step, controls);
    await breathe();
    if (isAlone ? wantsStop() : news.stop) await stop();
    const saves = epochEnds || (isAlone ? saver.isDue() : news.save);
    await saver.tick(step, saves);
    // Else the others would wait in the next step, where they give up soon.
    if (saves) await waitForOthers(controls.onProgress);
    if (step >= steps) break;
  }
  return history.records;
}

let breathed = performance.now();

/**
 * Lets signals, timers and messages in: batches that are ready do not.
 */
async function breathe(): Promise<void> {
  if (performance.now() - breathed < BREATH) return;
  await new Promise((resolve) => setTimeout(resolve, 0));
  breathed = performance.now();
}

async function resume<Batch>(
  plan: TrainingPlan<Batch>,
  controls: TrainingControls,
): Promise<number> {
  const checkpoint = await findCheckpoint(
    plan.folder,
    plan.run,
    (file, reason) =>
      controls.onWarning?.(`Passed over the checkpoint "${file}": ${reason}`),
  );
  if (checkpoint === undefined) return 0;
  restoreState(plan.state, checkpoint.tensors);
  return checkpoint.step;
}

async function takeStep<Batch>(
  plan: TrainingPlan<Batch>,
  batch: Batch,
  step: number,
): Promise<StepNews["losses"]> {
  try {
    return plan.step(batch, step);
  } catch (error) {
    throw await explainLoss(error);
  }
}

function record<Batch>(
  plan: TrainingPlan<Batch>,
  history: History,
  { loss, ...parts }: StepNews["losses"],
  step: number,
  { onRecord }: TrainingControls,
): void {
  if (!Number.isFinite(loss)) {
    throw new TrainingDiverged(
      `${plan.phase} diverged: the loss of step ${step} is ${loss}.`,
    );
  }
  const record: HistoryRecord = {
    kind: "step",
    step,
    epoch: Math.ceil(step / plan.stepsPerEpoch),
    loss,
    ...(Object.keys(parts).length === 0 ? {} : { parts }),
  };
  history.add(record);
  onRecord?.(record);
}

function lastLoss(history: History): number {
  const record = history.records.at(-1);
  return record?.kind === "step" ? record.loss : NaN;
}

async function endEpoch<Batch>(
  plan: TrainingPlan<Batch>,
  history: History,
  step: number,
  { onRecord }: TrainingControls,
): Promise<void> {
  const epoch = Math.ceil(step / plan.stepsPerEpoch);
  const record: HistoryRecord = {
    kind: "epoch",
    epoch,
    step,
    trainLoss: history.epochLoss(epoch),
    ...await plan.validate(),
  };
  history.add(record);
  onRecord?.(record);
  const photos = await plan.onEpoch?.(epoch);
  if (photos) await history.addPhotos(step, photos);
}
