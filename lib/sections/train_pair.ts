/**
 * Trains two networks at once, each in its own turn of every step.
 *
 *     step: medium network's turn (Adam) ▶ high network's turn (Adam)
 *
 * @module
 */

import { batchOrder, prefetchBatches } from "@/datasets/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  learningRate,
  type ScheduleSettings,
  train,
  workerShare,
} from "@/training/mod.ts";
import { type ConvPair, turnsOf } from "./conv_pair.ts";
import type { FixName } from "./fix_names.ts";
import { measureFromHigh } from "./measure_from_high.ts";
import { prefixed } from "./prefixed.ts";
import type { SectionData } from "./prepare_data.ts";
import type { PlacedRun } from "./run_grid.ts";
import type { SectionControls } from "./section.ts";

/** What all runs have in common. */
export interface PairTraining {
  /** Steps; in each, each network is updated once. */
  readonly steps: number;
  /** Pairs a step, of each worker. */
  readonly batchSize: number;
  /** The learning rate over the run, the same for both. */
  readonly schedule: ScheduleSettings;
}

/**
 * Trains a pair, or goes on where it stopped.
 *
 * @param run Where it is.
 * @param fix Decides the turns.
 * @param pair Its weights are changed.
 * @param training Steps, batches and rates.
 * @param data What it is trained on.
 * @param seed Of the order of the pairs.
 * @param controls How to watch and to stop it.
 */
export async function trainPair(
  run: PlacedRun,
  fix: FixName,
  pair: ConvPair,
  { steps, schedule, ...training }: PairTraining,
  { pairs }: SectionData,
  seed: number,
  controls: SectionControls,
): Promise<void> {
  const share = workerShare();
  const batchSize = training.batchSize * share.count;
  const { medium, high } = turnsOf(fix, pair);
  const [ofMedium, ofHigh] = [new Adam(medium.weights), new Adam(high.weights)];
  const step = compile(
    (large: tf.Tensor4D, small: tf.Tensor4D, rate: tf.Scalar) => [
      ofMedium.minimize(rate, () => ({ loss: medium.loss(large, small) })).loss,
      ofHigh.minimize(rate, () => ({ loss: high.loss(large, small) })).loss,
    ],
    { name: `${run.name} step` },
  );
  const through = compile(
    (large: tf.Tensor4D) => pair.medium.decode(pair.high.encode(large)),
    { name: `${run.name} validation` },
  );
  try {
    await train({
      phase: `Training ${run.name}`,
      folder: run.folder,
      run: run.id,
      steps,
      stepsPerEpoch: batchOrder(pairs.train.count, batchSize, seed, 1).length,
      batchSize,
      state: new Map([
        ...medium.weights,
        ...high.weights,
        ...prefixed("medium", ofMedium.state()),
        ...prefixed("high", ofHigh.state()),
      ]),
      batches: (firstStep) =>
        prefetchBatches(pairs.train, {
          batchSize,
          seed,
          share,
          firstStep,
          lastStep: steps,
        }),
      step: (batch, number) => {
        const n = batch.indices.length;
        const large = tf.tensor4d(batch.high, [n, ...pair.high.imageShape]);
        const small = tf.tensor4d(batch.medium, [n, ...pair.medium.imageShape]);
        const rate = tf.scalar(learningRate(number, steps, schedule));
        const losses = step(large, small, rate);
        const [first, second] = losses.map((loss) => loss.dataSync()[0]!);
        tf.dispose([large, small, rate, ...losses]);
        return { loss: first! + second!, medium: first!, high: second! };
      },
      validate: () => Promise.resolve(measureFromHigh(pairs.valid, through)),
    }, {
      ...controls,
      onRecord: (record) => controls.onRecord?.({ run: run.name, ...record }),
    });
  } finally {
    step.dispose();
    through.dispose();
    ofMedium.dispose();
    ofHigh.dispose();
  }
}
