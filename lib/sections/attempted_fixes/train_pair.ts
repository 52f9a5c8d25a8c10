/**
 * Trains two networks at once, each in its own turn of every step.
 *
 *     step: medium network's turn (Adam) ▶ high network's turn (Adam)
 *
 * @module
 */

import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  measureFromHigh,
  pairTensors,
  type Run,
  type ScheduleSettings,
  trainOnPairs,
} from "@/training/mod.ts";
import type { FixName } from "./names.ts";
import { type NetworkPair, type Turn, turnsOf } from "./fix_pair.ts";
import { type OwnLoss, prefixed } from "@/models/mod.ts";
import type { SectionControls } from "@/experiment/types.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";

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
 * @param own The loss of a network on its own images.
 */
export async function trainPair(
  run: Run,
  fix: FixName,
  pair: NetworkPair,
  { steps, batchSize, schedule }: PairTraining,
  data: SectionData,
  seed: number,
  controls: SectionControls,
  own?: OwnLoss,
): Promise<void> {
  const { medium, high } = turnsOf(fix, pair, own);
  const [ofMedium, ofHigh] = [new Adam(medium.weights), new Adam(high.weights)];
  const through = compile(
    (large: tf.Tensor4D) => pair.medium.decode(pair.high.encode(large)),
    { name: `${run.name} validation` },
  );
  try {
    await trainOnPairs(data.pairs.train, {
      run,
      length: { steps },
      batchSize,
      schedule,
      seed,
      state: new Map([
        ...medium.weights,
        ...high.weights,
        ...prefixed("medium", ofMedium.state()),
        ...prefixed("high", ofHigh.state()),
      ]),
      inputs: pairTensors,
      step: ({ high: large, medium: small }, rate, noise) => {
        const turn = (adam: Adam, { loss }: Turn) =>
          adam.minimize(rate, () => ({ loss: loss(large, small, noise) }))
            .loss;
        const first = turn(ofMedium, medium);
        const second = turn(ofHigh, high);
        const loss = first.add(second) as tf.Scalar;
        return { loss, medium: first, high: second };
      },
      validate: () => measureFromHigh(data.pairs.valid, through),
    }, controls);
  } finally {
    through.dispose();
    ofMedium.dispose();
    ofHigh.dispose();
  }
}
