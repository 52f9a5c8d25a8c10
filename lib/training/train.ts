/**
 * The training loop: steps, epochs, history, checkpoints, stop and resume.
 *
 *     checkpoint? ─▶ restore ─▶ ┌ batch ▶ step ▶ record ┐ ─▶ result
 *                               │ epoch's end: validate │
 *                               └ now and then: save    ┘
 *
 * A run that is killed at any moment resumes from its last checkpoint and ends
 * as it would have ended undisturbed: what a step does depends only on the
 * state in the checkpoint and on the step's number. On one machine this holds
 * bit for bit. With another number of cores, sums are added up in another
 * order: with 1 core instead of 2, losses differ from about the sixth digit on
 * after 8 steps.
 *
 * @module
 */

import { takeFileLock } from "@/files/file_lock.ts";
import { currentCluster, explainLoss } from "@/tensorflow/mod.ts";
import {
  agreeOnStart,
  isWriter,
  shareStep,
  type StepLosses,
  waitForOthers,
} from "./agreement.ts";
import {
  findCheckpoint,
  restoreState,
  saveCheckpoint,
  type TrainingState,
} from "./checkpoint.ts";
import { History } from "./history.ts";
import type { OnProgress } from "@/files/progress.ts";
import type { HistoryRecord, LossParts, Validation } from "./records.ts";
import { removeLeftovers } from "@/files/remove_leftovers.ts";
import { LOCK_FILE, writeRunLength } from "./run_state.ts";
import { Speedometer } from "./speedometer.ts";

/** A run: what is trained, on what, and for how long. */
export interface TrainingPlan<Batch> {
  /** What is done, for the progress line. */
  readonly phase: string;
  /** Where history and checkpoints go. */
  readonly folder: string;
  /** Changes with anything that changes the run: settings, seed, data. */
  readonly run: string;
  /** Number of steps. */
  readonly steps: number;
  /** Steps of an epoch. */
  readonly stepsPerEpoch: number;
  /** Photos in each step of all workers together, for the speed. */
  readonly batchSize: number;
  /** Weights and the optimiser's state. */
  readonly state: TrainingState;
  /**
   * Makes the batches.
   *
   * @param firstStep The step of the first batch, counted from 1.
   * @returns One batch for each step from there on.
   */
  batches(firstStep: number): AsyncIterable<Batch>;
  /**
   * Takes a step.
   *
   * @param batch The step's batch.
   * @param step Counted from 1.
   * @returns The losses of this worker's part of the batch.
   */
  step(batch: Batch, step: number): LossParts & { readonly loss: number };
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

/** How to watch and to stop a run. */
export interface TrainingControls {
  /** Called after each step. */
  readonly onProgress?: OnProgress;
  /** Called with each record, also with those of an earlier part of the run. */
  readonly onRecord?: (record: HistoryRecord) => void;
  /** Called with a message when a damaged checkpoint is skipped. */
  readonly onWarning?: (message: string) => void;
  /** Stops after the step, saves and throws {@linkcode TrainingStopped}. */
  readonly signal?: AbortSignal;
  /** Seconds between checkpoints within an epoch; 20 by default. */
  readonly saveEverySeconds?: number;
  /** Also logs for TensorBoard; not by default. */
  readonly tensorBoard?: boolean;
}

/** Thrown when a run was stopped; it can be resumed. */
export class TrainingStopped extends Error {
  /** The class, for stack traces. */
  override name = "TrainingStopped";

  /**
   * Says how far it came.
   *
   * @param phase What was done, to begin the message.
   * @param step Steps done.
   * @param steps Steps of the whole run.
   */
  constructor(phase: string, step: number, steps: number) {
    super(
      `${phase} stopped after step ${step} of ${steps}; run it again to resume.`,
    );
  }
}

/** Thrown when a loss is no longer finite. */
export class TrainingDiverged extends Error {
  /** The class, for stack traces. */
  override name = "TrainingDiverged";
}

/** Longest time without a look at signals and timers, in milliseconds. */
const BREATH = 50;

/** The history is written at least this often, in milliseconds. */
const FLUSH_EVERY = 1000;

/**
 * Trains, from the last checkpoint if there is one. If another process trains
 * the same run, waits for it and then continues or takes what is there.
 *
 * @param plan The run.
 * @param controls How to watch and to stop it.
 * @returns The history of the whole run.
 * @throws {TrainingStopped} When the signal stopped it.
 * @throws {TrainingDiverged} When the loss is not finite.
 * @throws {ClusterError} When another worker of the cluster is lost.
 * @throws {UserError} When the disk is full; the last checkpoint is then
 * unchanged.
 */
export async function train<Batch>(
  plan: TrainingPlan<Batch>,
  controls: TrainingControls = {},
): Promise<readonly HistoryRecord[]> {
  if (!isWriter()) return await new Loop(plan, controls).run();
  await Deno.mkdir(plan.folder, { recursive: true });
  const phase = "Waiting for another process that trains the same";
  using _lock = await takeFileLock(`${plan.folder}/${LOCK_FILE}`, {
    signal: controls.signal,
    onWait: () => controls.onProgress?.({ phase, done: 0, total: 0 }),
  });
  await removeLeftovers(plan.folder);
  await writeRunLength(plan.folder, plan);
  return await new Loop(plan, controls).run();
}

/** One call of {@linkcode train}. */
class Loop<Batch> {
  readonly #plan: TrainingPlan<Batch>;
  readonly #controls: TrainingControls;
  #history = History.inMemory();
  #step = 0;
  #savedAt = performance.now();
  #flushedAt = performance.now();
  #breathedAt = performance.now();

  constructor(plan: TrainingPlan<Batch>, controls: TrainingControls) {
    this.#plan = plan;
    this.#controls = controls;
  }

  async run(): Promise<readonly HistoryRecord[]> {
    const { phase, batchSize, steps } = this.#plan;
    const { onRecord, onProgress } = this.#controls;
    await this.#resume();
    const { records } = this.#history;
    for (const record of records) onRecord?.(record);
    if (this.#wantsStop()) await this.#stop();
    if (this.#step >= steps) return records;
    const speed = new Speedometer(phase, batchSize, steps);
    const isAlone = currentCluster() === undefined;
    for await (const batch of this.#plan.batches(this.#step + 1)) {
      this.#step++;
      const { losses, ...others } = await shareStep({
        losses: await this.#takeStep(batch),
        stop: this.#wantsStop(),
        save: this.#isSaveDue(),
      });
      this.#recordStep(losses);
      onProgress?.(speed.report(this.#step, losses.loss));
      const epochEnds = this.#step % this.#plan.stepsPerEpoch === 0 ||
        this.#step === steps;
      if (epochEnds) await this.#endEpoch();
      await this.#breathe();
      if (isAlone ? this.#wantsStop() : others.stop) await this.#stop();
      if (epochEnds || (isAlone ? this.#isSaveDue() : others.save)) {
        await this.#save();
        // Otherwise the others would wait in the next step, and soon give up.
        await waitForOthers(onProgress);
      } else if (performance.now() - this.#flushedAt >= FLUSH_EVERY) {
        // For whoever watches the run from another process.
        await this.#history.flush();
        this.#flushedAt = performance.now();
      }
      if (this.#step >= steps) break;
    }
    return records;
  }

  /** Loads the last checkpoint, or takes the state of worker 0. */
  async #resume(): Promise<void> {
    const { folder, run, state } = this.#plan;
    const { onProgress, onWarning, tensorBoard } = this.#controls;
    if (isWriter()) {
      const checkpoint = await findCheckpoint(
        folder,
        run,
        (file, reason) =>
          onWarning?.(`Skipped the checkpoint "${file}": ${reason}`),
      );
      if (checkpoint !== undefined) restoreState(state, checkpoint.tensors);
      this.#step = checkpoint?.step ?? 0;
    }
    this.#step = await agreeOnStart(run, this.#step, state, onProgress);
    if (!isWriter()) return;
    const log = tensorBoard ? this.#plan : undefined;
    this.#history = await History.open(folder, this.#step, log);
  }

  #wantsStop(): boolean {
    return this.#controls.signal?.aborted ?? false;
  }

  async #stop(): Promise<never> {
    await this.#save();
    const { phase, steps } = this.#plan;
    throw new TrainingStopped(phase, this.#step, steps);
  }

  async #takeStep(batch: Batch): Promise<StepLosses> {
    try {
      return this.#plan.step(batch, this.#step);
    } catch (error) {
      throw await explainLoss(error);
    }
  }

  #recordStep({ loss, ...parts }: StepLosses): void {
    const { phase } = this.#plan;
    if (!Number.isFinite(loss)) {
      throw new TrainingDiverged(
        `${phase} diverged: the loss of step ${this.#step} is ${loss}.`,
      );
    }
    this.#add({
      kind: "step",
      step: this.#step,
      epoch: this.#epoch(),
      loss,
      ...Object.keys(parts).length > 0 && { parts },
    });
  }

  async #endEpoch(): Promise<void> {
    const epoch = this.#epoch();
    this.#add({
      kind: "epoch",
      epoch,
      step: this.#step,
      trainLoss: this.#history.epochLoss(epoch),
      ...await this.#plan.validate(),
    });
    const photos = await this.#plan.onEpoch?.(epoch);
    if (photos) await this.#history.addPhotos(this.#step, photos);
  }

  #epoch(): number {
    return Math.ceil(this.#step / this.#plan.stepsPerEpoch);
  }

  #add(record: HistoryRecord): void {
    this.#history.add(record);
    this.#controls.onRecord?.(record);
  }

  #isSaveDue(): boolean {
    const seconds = this.#controls.saveEverySeconds ?? 20;
    return performance.now() - this.#savedAt >= seconds * 1000;
  }

  async #save(): Promise<void> {
    if (isWriter()) {
      const { folder, state, run } = this.#plan;
      await this.#history.flush();
      await saveCheckpoint(folder, this.#step, state, run);
    }
    this.#savedAt = this.#flushedAt = performance.now();
  }

  /** Lets signals, timers and messages in: batches that are ready do not. */
  async #breathe(): Promise<void> {
    if (performance.now() - this.#breathedAt < BREATH) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#breathedAt = performance.now();
  }
}
