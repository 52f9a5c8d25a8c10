/**
 * What workers that train together agree on: where they start, what a step's
 * loss was, when to save and when to stop.
 *
 * Worker 0 writes all files, checkpoints included. The others take its state
 * when they start, so they need no disk, and a machine that broke can be
 * replaced by a fresh one.
 *
 * @module
 */

import { createHash } from "node:crypto";
import {
  allReduceSum,
  ClusterError,
  currentCluster,
  describeWorker,
  explainLoss,
  gatherFromWorkers,
  sumOverWorkers,
  tf,
} from "@/tensorflow/mod.ts";
import type { TrainingState } from "./checkpoint.ts";
import type { LossParts } from "./records.ts";
import type { OnProgress } from "@/files/progress.ts";

/**
 * Whether this process writes files.
 *
 * @returns True for worker 0, and for a process that works alone.
 */
export function isWriter(): boolean {
  return (currentCluster()?.rank ?? 0) === 0;
}

/** Which of how many workers this process is. */
export interface WorkerShare {
  /** Which worker this is, from 0. */
  readonly index: number;
  /** Number of workers; 1 for a process that works alone. */
  readonly count: number;
}

/**
 * The part of the work that falls to this process.
 *
 * @returns Its place among the workers.
 */
export function workerShare(): WorkerShare {
  const cluster = currentCluster();
  return { index: cluster?.rank ?? 0, count: cluster?.workers.length ?? 1 };
}

/**
 * Gives all workers the step and the state of worker 0.
 *
 * @param run Names the run; it must be the same everywhere.
 * @param step Steps that this process has done.
 * @param state Its state; that of others than worker 0 is replaced.
 * @param onProgress Called when another worker is waited for.
 * @returns Steps done.
 * @throws {ClusterError} When a worker trains something else, or is lost.
 */
export async function agreeOnStart(
  run: string,
  step: number,
  state: TrainingState,
  onProgress?: OnProgress,
): Promise<number> {
  const cluster = currentCluster();
  if (cluster === undefined) return step;
  const all = await gatherFromWorkers([step, ...digest(run)], {
    onWait: () => onProgress?.(waiting),
  });
  const [first, own] = [all[0]!, all[cluster.rank]!];
  const odd = all.findIndex((numbers) =>
    numbers.slice(1).join() !== own.slice(1).join()
  );
  if (odd >= 0) {
    const other = describeWorker(cluster, odd);
    throw new ClusterError(
      `This worker and ${other} train something different: start all with ` +
        `the same sections, options, photos and version.`,
    );
  }
  try {
    broadcast(state, cluster.rank === 0);
  } catch (error) {
    throw await explainLoss(error);
  }
  return first[0]!;
}

const waiting = { phase: "Waiting for the other workers", done: 0, total: 0 };

/** Numbers that float32 holds exactly, others for another text. */
function digest(run: string): number[] {
  const bytes = createHash("sha256").update(run).digest();
  return [bytes.readUIntBE(0, 3), bytes.readUIntBE(3, 3)];
}

/** The sum of one worker's values and of the others' zeros. */
function broadcast(state: TrainingState, isSource: boolean): void {
  const variables = Array.from(state.values());
  tf.tidy(() => {
    const values = allReduceSum(
      variables.map((variable) =>
        isSource ? variable : tf.zeros(variable.shape)
      ),
    );
    variables.forEach((variable, i) => variable.assign(values[i]!));
  });
}

/** Losses of a step by name; `loss` is what is minimised. */
export type StepLosses = LossParts & { readonly loss: number };

/** What a worker shares after a step. */
export interface StepReport {
  /** Losses of its part of the batch. */
  readonly losses: StepLosses;
  /** Whether it was asked to stop. */
  readonly stop: boolean;
  /** Whether it is time to save. */
  readonly save: boolean;
}

/**
 * Shares a step with the other workers.
 *
 * @param report Of this worker.
 * @returns Mean losses, and whether any worker wants to stop or to save.
 * @throws {ClusterError} When a worker is lost.
 */
export async function shareStep(report: StepReport): Promise<StepReport> {
  const cluster = currentCluster();
  if (cluster === undefined) return report;
  const names = Object.keys(report.losses);
  const sums = await sumOverWorkers([
    Number(report.stop),
    Number(report.save),
    ...Object.values(report.losses),
  ]);
  return {
    stop: sums[0]! > 0,
    save: sums[1]! > 0,
    losses: Object.fromEntries(
      names.map((name, i) => [name, sums[2 + i]! / cluster.workers.length]),
    ) as StepLosses,
  };
}

/**
 * Gives all workers the text of worker 0.
 *
 * @param text Of worker 0, not empty, or nothing; that of others is ignored.
 * @returns The same on all workers.
 * @throws {ClusterError} When a worker is lost.
 */
export async function shareText(
  text: string | undefined,
): Promise<string | undefined> {
  if (currentCluster() === undefined) return text;
  const own = isWriter() ? text : undefined;
  const bytes = new TextEncoder().encode(own ?? "");
  const [length] = await sumOverWorkers([bytes.length]);
  if (length === 0) return undefined;
  const sums = await sumOverWorkers(
    own === undefined ? new Array<number>(length!).fill(0) : [...bytes],
  );
  return new TextDecoder().decode(Uint8Array.from(sums));
}

/**
 * Waits for all workers, after something that may have taken one of them
 * longer.
 *
 * @param onProgress Called when another worker is waited for.
 * @throws {ClusterError} When a worker is lost.
 */
export async function waitForOthers(onProgress?: OnProgress): Promise<void> {
  await sumOverWorkers([0], { onWait: () => onProgress?.(waiting) });
}
