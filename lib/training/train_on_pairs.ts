/**
 * The trainer: whatever learns from pairs of a high and a medium image is
 * trained here, the autoencoders of the sections as well as the codec.
 *
 *     pairs ─▶ batches, made ahead ─▶ trainOnBatches ─▶ train
 *              prefetchBatches        compiled step     loop
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
import type { tf } from "@/tensorflow/mod.ts";
import { workerShare } from "./agreement.ts";
import { imageTensor } from "./images.ts";
import type { RunRecord } from "./records.ts";
import {
  type BatchesPlan,
  type RunControls,
  trainOnBatches,
} from "./train_on_batches.ts";

/** Passes over all pairs, or a number of steps. */
export type RunLength = { readonly epochs: number } | {
  readonly steps: number;
};

/** What is trained on pairs, and how. */
export interface PairsPlan<Inputs extends object> extends
  Omit<
    BatchesPlan<Batch, Inputs>,
    "steps" | "stepsPerEpoch" | "batches"
  > {
  /** How long it is trained. */
  readonly length: RunLength;
  /** Maximum number of steps, for trial runs; unlimited by default. */
  readonly maxSteps?: number | undefined;
  /** Steps between validations; one pass over the pairs by default. */
  readonly stepsPerEpoch?: number;
  /** Which images of each pair are needed; both by default. */
  readonly sizes?: readonly PairSize[];
  /**
   * Trains on a random square of each pair, this wide in the high image and
   * half as wide in the medium one, mirrored at random; on whole images by
   * default.
   */
  readonly windowSize?: number;
  /** Decides the order of the pairs, and all random draws of the steps. */
  readonly seed: number;
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
  const { length, seed, sizes, windowSize } = plan;
  const share = workerShare();
  const batchSize = plan.batchSize * share.count;
  const perPass = stepsPerPass(pairs, batchSize);
  const wanted = "steps" in length ? length.steps : length.epochs * perPass;
  const steps = Math.min(wanted, plan.maxSteps ?? Infinity);
  return await trainOnBatches({
    ...plan,
    steps,
    stepsPerEpoch: plan.stepsPerEpoch ?? perPass,
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
  }, controls);
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
