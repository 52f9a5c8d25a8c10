/**
 * Trains one convolutional variational autoencoder on one size of the pairs.
 *
 * @module
 */

import type { Pairs, PairSize } from "@/datasets/mod.ts";
import { meanPsnr } from "@/experiment/measure.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { sectionRun } from "@/experiment/run_grid.ts";
import { mean } from "@/metrics/mod.ts";
import {
  vaeLoss,
  type VariationalAutoencoder,
  variationalAutoencoder,
} from "@/models/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  originals,
  pairTensors,
  type RunRecord,
  tensors,
  toPixels,
  trainOnPairs,
  type Validation,
  workerShare,
} from "@/training/mod.ts";
import { type VaeNetworkSettings, vaeRunName } from "./types.ts";

/** Seed of all validations, so that only the weights change their losses. */
const VALIDATION_NOISE = 0;

/**
 * Makes a variational autoencoder and trains it, resumes a run that was
 * stopped, or loads one that is finished. Its first weights and the order of
 * its images are those of the plain network with the same seed.
 *
 * @param beta Weight of the codes' distance from the prior.
 * @param settings Its size and training.
 * @param data What it is trained on.
 * @returns The network, to be disposed, and its losses in their parts.
 */
export async function trainedVae(
  beta: number,
  settings: VaeNetworkSettings,
  data: SectionData,
): Promise<{
  readonly model: VariationalAutoencoder;
  readonly history: readonly RunRecord[];
}> {
  const { size, side, latentChannels, convolutional } = settings;
  const { widths, schedule } = convolutional;
  const { pairs, seed, summary, controls } = data;
  const steps = Math.min(settings.steps, data.steps ?? Infinity);
  const batchSize = settings.batchSize * workerShare().count;
  const shape = { size: side, widths, latentChannels, seed };
  const name = vaeRunName(size, beta);
  const identity = [name, shape, schedule, batchSize, steps, summary];
  using parts = new DisposableStack();
  const model = parts.use(variationalAutoencoder(shape));
  using adam = new Adam(model.weights());
  using validation = compile(
    (images: tf.Tensor4D) => ({
      ...vaeLoss(model, { images, beta, noise: VALIDATION_NOISE }),
      decoded: model.decode(model.encode(images)),
    }),
    { name: `${name} validation` },
  );
  const history = await trainOnPairs(pairs.train, {
    run: sectionRun(data, name, identity),
    length: { steps },
    batchSize: settings.batchSize,
    schedule,
    seed,
    state: new Map([...model.weights(), ...adam.state()]),
    inputs: pairTensors,
    step: (images, rate, noise) =>
      adam.minimize(
        rate,
        () => ({ ...vaeLoss(model, { images: images[size], beta, noise }) }),
      ),
    validate: () => validate(pairs.valid, size, validation),
  }, controls);
  parts.move();
  return { model, history };
}

/** A validation batch: its losses, and the images decoded from means. */
type ValidationPass = (images: tf.Tensor4D) => {
  readonly loss: tf.Scalar;
  readonly reconstruction: tf.Scalar;
  readonly kl: tf.Scalar;
  readonly decoded: tf.Tensor4D;
};

/** Losses from samples, as in training; PSNR from means. */
function validate(
  pairs: Pairs,
  size: PairSize,
  pass: ValidationPass,
): Validation {
  const sums = { loss: 0, reconstruction: 0, kl: 0 };
  const decibels: number[] = [];
  const names = Object.keys(sums) as (keyof typeof sums)[];
  const images = originals(pairs, size);
  for (const batch of tensors(pairs, size)) {
    const { decoded, ...losses } = pass(batch);
    for (const name of names) {
      sums[name] += losses[name].dataSync()[0]! * batch.shape[0];
    }
    for (const photo of toPixels(decoded)) {
      decibels.push(meanPsnr([photo], [images[decibels.length]!]));
    }
    tf.dispose([batch, decoded, ...Object.values(losses)]);
  }
  const [validLoss, reconstruction, kl] = names
    .map((name) => sums[name] / pairs.count);
  return {
    validLoss: validLoss!,
    validPsnrDb: mean(decibels),
    parts: { reconstruction: reconstruction!, kl: kl! },
  };
}
