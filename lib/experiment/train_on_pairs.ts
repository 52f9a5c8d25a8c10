/**
 * Training on pairs of a high and a medium image: what all networks of the
 * sections that learn from both have in common.
 *
 * @module
 */

import { batchOrder, prefetchBatches } from "@/datasets/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  type EpochRecord,
  learningRate,
  type ScheduleSettings,
  train,
  type TrainingState,
  workerShare,
} from "@/training/mod.ts";
import type { SectionData } from "./prepare_data.ts";
import type { PlacedRun } from "./run_grid.ts";
import type { RunRecord, SectionControls } from "./section.ts";

/** The images of a step. */
export interface PairBatch {
  /** `[n, side, side, 3]` in 0..1; the high images' side, or the windows'. */
  readonly high: tf.Tensor4D;
  /** `[n, side / 2, side / 2, 3]` in 0..1, of the same pairs. */
  readonly medium: tf.Tensor4D;
}

/** What is trained on pairs, and how. */
export interface PairsPlan {
  /** Times that all pairs are seen, or a number of steps. */
  readonly length: { readonly epochs: number } | { readonly steps: number };
  /** Pairs a step, of each worker. */
  readonly batchSize: number;
  /**
   * Of each pair a random square, this wide in the high image and half as wide
   * in the medium one, and mirrored at random; whole images by default.
   */
  readonly windowSize?: number;
  /** The learning rate over the run. */
  readonly schedule: ScheduleSettings;
  /** Of the order of the pairs. */
  readonly seed: number;
  /** Weights and the optimisers' state. */
  readonly state: TrainingState;
  /**
   * Takes a step; it is compiled.
   *
   * @param images The step's pairs.
   * @param rate The step's learning rate.
   * @param noise Two numbers that seed the step's random draws, other ones in
   * each step: for `randomNormal` and its like.
   * @returns The loss, and its parts by their names.
   */
  step(
    images: PairBatch,
    rate: tf.Scalar,
    noise: tf.Tensor1D,
  ): { readonly loss: tf.Scalar } & Readonly<Record<string, tf.Scalar>>;
  /** Measures on the validation split. */
  validate(): Pick<EpochRecord, "validLoss" | "validPsnrDb" | "parts">;
}

/**
 * Trains, or goes on where it stopped.
 *
 * @param run The run's name, folder and fingerprint.
 * @param plan What is trained, and how.
 * @param data What it is trained on.
 * @param controls How to watch and to stop it.
 * @param most Stops after so many steps, for a try.
 * @returns The losses.
 */
export async function trainOnPairs(
  run: PlacedRun,
  { length, windowSize, schedule, seed, state, ...plan }: PairsPlan,
  { pairs }: SectionData,
  controls: SectionControls,
  most = Infinity,
): Promise<RunRecord[]> {
  const { count, highSize } = pairs.train;
  const side = windowSize ?? highSize;
  const share = workerShare();
  const batchSize = plan.batchSize * share.count;
  const stepsPerEpoch = batchOrder(count, batchSize, seed, 1).length;
  const wanted = "steps" in length
    ? length.steps
    : length.epochs * stepsPerEpoch;
  const steps = Math.min(wanted, most);
  const step = compile(plan.step, { name: `${run.name} step` });
  const history: RunRecord[] = [];
  try {
    await train({
      phase: `Training ${run.name}`,
      folder: run.folder,
      run: run.id,
      steps,
      stepsPerEpoch,
      batchSize,
      state,
      batches: (firstStep) =>
        prefetchBatches(pairs.train, {
          batchSize,
          seed,
          share,
          ...windowSize === undefined ? {} : { windowSize },
          firstStep,
          lastStep: steps,
        }),
      step: (batch, number) => {
        const n = batch.indices.length;
        const images = {
          high: tf.tensor4d(batch.high, [n, side, side, 3]),
          medium: tf.tensor4d(batch.medium, [n, side / 2, side / 2, 3]),
        };
        const rate = tf.scalar(learningRate(number, steps, schedule));
        const noise = tf.tensor1d([seed, number], "int32");
        const losses = step(images, rate, noise);
        const values = Object.entries(losses)
          .map(([name, value]) => [name, value.dataSync()[0]!] as const);
        tf.dispose([images.high, images.medium, rate, noise]);
        tf.dispose(Object.values(losses));
        return Object.fromEntries(values) as { loss: number };
      },
      validate: () => Promise.resolve(plan.validate()),
    }, {
      ...controls,
      onRecord: (record) => {
        const named = { run: run.name, ...record };
        history.push(named);
        controls.onRecord?.(named);
      },
    });
  } finally {
    step.dispose();
  }
  return history;
}
