/**
 * Training of a network that makes the high image, on random windows of pairs.
 *
 * @module
 */

import { compile, type tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  measurePhotos,
  originals,
  type PairBatch,
  pairTensors,
  type Run,
  type ScheduleSettings,
  trainOnPairs,
} from "@/training/mod.ts";
import { enlargePairs } from "./measure.ts";
import type { RunRecord } from "@/training/records.ts";
import type { SectionContext } from "@/experiment/types.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { enlargedLoss } from "./loss.ts";

/** A network that makes the high image from what is stored of a pair. */
export interface Enlarger {
  /** What is trained, by unique names. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /**
   * Makes the high image. It sees of the pair only what is stored: the medium
   * image, or what the high network's encoder makes of the high one.
   *
   * @returns Of the high image's shape; about 0..1, not clipped.
   */
  enlarge(pair: PairBatch): tf.Tensor4D;
}

/** How it is trained. */
export interface EnlargerTraining {
  /** Times that all pairs are seen, each time another window of them. */
  readonly epochs: number;
  /** Windows a step. */
  readonly batchSize: number;
  /** Side of a window in the high image, a multiple of the code's patch. */
  readonly windowSize: number;
  /** The learning rate over the run. */
  readonly schedule: ScheduleSettings;
  /** Of the term against softness; 0 for the squared error alone. */
  readonly detailWeight: number;
}

/**
 * Trains a network, goes on where that stopped, or loads what is finished.
 *
 * @param run The run's name, folder and fingerprint.
 * @param enlarger Its weights are changed.
 * @param training How it is trained.
 * @param data What it is trained on.
 * @param context What the section was given.
 */
export async function trainEnlarger(
  run: Run,
  { weights, enlarge }: Enlarger,
  { epochs, detailWeight, ...training }: EnlargerTraining,
  data: SectionData,
  { seed, steps, controls }: SectionContext,
): Promise<RunRecord[]> {
  const adam = new Adam(weights);
  const through = compile(enlarge, { name: `${run.name} validation` });
  const { valid } = data.pairs;
  const against = originals(valid, "high");
  try {
    return await trainOnPairs(data.pairs.train, {
      run,
      length: { epochs },
      maxSteps: steps,
      ...training,
      seed,
      state: new Map([...weights, ...adam.state()]),
      inputs: pairTensors,
      step: (pair, rate) =>
        adam.minimize(rate, () => ({
          ...enlargedLoss(enlarge(pair), pair.high, detailWeight),
        })),
      validate: () => measurePhotos(enlargePairs(valid, through), against),
    }, controls);
  } finally {
    through.dispose();
    adam.dispose();
  }
}
