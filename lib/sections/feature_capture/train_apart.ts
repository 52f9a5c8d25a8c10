/**
 * Trains a medium and a high network on, each for itself, and watches what the
 * medium decoder makes of the high code meanwhile.
 *
 * @module
 */

import { batchOrder } from "@/datasets/mod.ts";
import type { Autoencoder } from "@/models/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import { Adam, workerShare } from "@/training/mod.ts";
import type { FeatureCaptureMetrics, FeatureCaptureSettings } from "./mod.ts";
import { measureFromHigh } from "@/experiment/measure_from_high.ts";
import { squaredError } from "@/experiment/own_loss.ts";
import { prefixed } from "@/experiment/prefixed.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import type { RunRecord, SectionContext } from "@/experiment/section.ts";
import { fingerprint, runFolder } from "@/experiment/train_autoencoder.ts";
import { trainOnPairs } from "@/experiment/train_on_pairs.ts";

/** A network of each size. */
export interface BothModels {
  /** Of medium images. */
  readonly medium: Autoencoder;
  /** Of high images. */
  readonly high: Autoencoder;
}

const RUN = "trained on apart";

/**
 * Trains both networks on.
 *
 * @param models Their weights are changed.
 * @param chosen The section's settings.
 * @param data What they are trained on.
 * @param context What the section was given.
 * @returns Losses, with those of both networks and of the medium decoder on
 * the high code as parts, and what was reached on the validation split.
 */
export async function trainApart(
  { medium, high }: BothModels,
  chosen: FeatureCaptureSettings,
  data: SectionData,
  context: SectionContext,
): Promise<{
  history: readonly RunRecord[];
  trainedOn: FeatureCaptureMetrics["trainedOn"];
}> {
  const { epochs, batchSize, learningRate } = chosen.trainOn;
  const { train: pairs, valid } = data.pairs;
  const { count } = workerShare();
  const all = batchSize * count;
  const perEpoch = batchOrder(pairs.count, all, context.seed, 1).length;
  const steps = Math.min(epochs * perEpoch, context.steps ?? Infinity);
  const weights = new Map([
    ...prefixed("medium", medium.weights()),
    ...prefixed("high", high.weights()),
  ]);
  const adam = new Adam(weights);
  const through = compile(
    (large: tf.Tensor4D) => medium.decode(high.encode(large)),
    { name: `${RUN} validation` },
  );
  const whole = { ...chosen, trainOn: { ...chosen.trainOn, batchSize: all } };
  const id = fingerprint([whole, data.summary, context.seed, steps]);
  let history: readonly RunRecord[];
  try {
    history = await trainOnPairs(
      { name: RUN, folder: runFolder(context, RUN, id), id },
      {
        length: { steps },
        batchSize,
        schedule: { peak: learningRate, warmUpSteps: 0, floor: 1 },
        seed: context.seed,
        state: new Map([...weights, ...adam.state()]),
        step: ({ high: large, medium: small }, rate) => {
          const losses = adam.minimize(rate, () => {
            const ofMedium = squaredError(
              medium.decode(medium.encode(small)),
              small,
            );
            const ofHigh = squaredError(high.decode(high.encode(large)), large);
            const loss = ofMedium.add(ofHigh) as tf.Scalar;
            return { loss, medium: ofMedium, high: ofHigh };
          });
          const cross = squaredError(medium.decode(high.encode(large)), small);
          return { ...losses, cross };
        },
        validate: () => measureFromHigh(valid, through),
      },
      data,
      context.controls,
    );
  } finally {
    through.dispose();
    adam.dispose();
  }
  const ends = history.flatMap((record) =>
    record.kind === "epoch" ? [record.validPsnrDb] : []
  );
  return {
    history,
    trainedOn: { steps, firstDb: ends[0]!, lastDb: ends.at(-1)! },
  };
}
