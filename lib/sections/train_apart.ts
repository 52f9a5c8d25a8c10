/**
 * Trains a medium and a high network on, each for itself, and watches what the
 * medium decoder makes of the high code meanwhile.
 *
 * @module
 */

import { batchOrder, prefetchBatches } from "@/datasets/mod.ts";
import type { Autoencoder } from "@/models/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import { Adam, train, workerShare } from "@/training/mod.ts";
import type {
  FeatureCaptureMetrics,
  FeatureCaptureSettings,
} from "./feature_capture.ts";
import { measureFromHigh } from "./measure_from_high.ts";
import { squaredError } from "./one_code.ts";
import { prefixed } from "./prefixed.ts";
import type { SectionData } from "./prepare_data.ts";
import type { RunRecord, SectionContext } from "./section.ts";
import { fingerprint, runFolder } from "./train_autoencoder.ts";

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
  const { epochs, learningRate } = chosen.trainOn;
  const share = workerShare();
  const batchSize = chosen.trainOn.batchSize * share.count;
  const { train: pairs, valid } = data.pairs;
  const perEpoch = batchOrder(pairs.count, batchSize, context.seed, 1).length;
  const steps = Math.min(epochs * perEpoch, context.steps ?? Infinity);
  const weights = new Map([
    ...prefixed("medium", medium.weights()),
    ...prefixed("high", high.weights()),
  ]);
  const adam = new Adam(weights);
  const rate = tf.scalar(learningRate);
  const step = compile((large: tf.Tensor4D, small: tf.Tensor4D) => {
    const losses = adam.minimize(rate, () => {
      const ofMedium = squaredError(medium.decode(medium.encode(small)), small);
      const ofHigh = squaredError(high.decode(high.encode(large)), large);
      return { loss: ofMedium.add(ofHigh) as tf.Scalar, ofMedium, ofHigh };
    });
    const cross = squaredError(medium.decode(high.encode(large)), small);
    return { ...losses, cross };
  }, { name: RUN });
  const through = compile(
    (large: tf.Tensor4D) => medium.decode(high.encode(large)),
    { name: `${RUN} validation` },
  );
  const history: RunRecord[] = [];
  const whole = { ...chosen, trainOn: { ...chosen.trainOn, batchSize } };
  const id = fingerprint([whole, data.summary, context.seed, steps]);
  try {
    await train({
      phase: "Training both networks on, each for itself",
      folder: runFolder(context, RUN, id),
      run: id,
      steps,
      stepsPerEpoch: perEpoch,
      batchSize: 2 * batchSize,
      state: new Map([...weights, ...adam.state()]),
      batches: (firstStep) =>
        prefetchBatches(pairs, {
          batchSize,
          share,
          seed: context.seed,
          firstStep,
          lastStep: steps,
        }),
      step: (batch) => {
        const n = batch.indices.length;
        const large = tf.tensor4d(batch.high, [n, ...high.imageShape]);
        const small = tf.tensor4d(batch.medium, [n, ...medium.imageShape]);
        const losses = step(large, small);
        const value = (name: keyof typeof losses) =>
          losses[name].dataSync()[0]!;
        const parts = {
          loss: value("loss"),
          medium: value("ofMedium"),
          high: value("ofHigh"),
          cross: value("cross"),
        };
        tf.dispose([large, small, ...Object.values(losses)]);
        return parts;
      },
      validate: () => Promise.resolve(measureFromHigh(valid, through)),
    }, {
      ...context.controls,
      onRecord: (record) => {
        const named = { run: RUN, ...record };
        history.push(named);
        context.controls.onRecord?.(named);
      },
    });
  } finally {
    step.dispose();
    through.dispose();
    adam.dispose();
    rate.dispose();
  }
  const ends = history.flatMap((record) =>
    record.kind === "epoch" ? [record.validPsnrDb] : []
  );
  return {
    history,
    trainedOn: { steps, firstDb: ends[0]!, lastDb: ends.at(-1)! },
  };
}
