/**
 * Trains one convolutional variational autoencoder on one size of the pairs.
 *
 * @module
 */

import type { Pairs } from "@/datasets/mod.ts";
import {
  vaeLoss,
  type VariationalAutoencoder,
  variationalAutoencoder,
} from "@/models/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  type EpochRecord,
  originals,
  pairTensors,
  tensors,
  toPixels,
  trainOnPairs,
  workerShare,
} from "@/training/mod.ts";
import { mean } from "@/metrics/mod.ts";
import { meanPsnr } from "@/experiment/measure.ts";
import type { RunRecord } from "@/training/records.ts";
import type { SectionContext } from "@/experiment/types.ts";
import { fingerprint } from "@/files/sha256.ts";
import { sectionRun } from "@/experiment/run_grid.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";
import { vaeRunName } from "./rows.ts";

/** A network's settings, and how long it is trained here. */
export interface VaeNetworkSettings extends AutoencoderSettings {
  /** Steps of each run; not more than fill the epochs. */
  readonly steps: number;
}

/**
 * Makes a variational autoencoder and trains it, or loads it where it has been
 * trained. Its first weights and the order of its images are those of the
 * plain network with the same seed.
 *
 * @param beta Weight of the codes' distance from the prior.
 * @param settings Its size and training.
 * @param data What it is trained on.
 * @param context What the section was given.
 * @returns The network, to be disposed, and its losses in their parts.
 */
export async function trainedVae(
  beta: number,
  settings: VaeNetworkSettings,
  data: SectionData,
  context: SectionContext,
): Promise<{
  readonly model: VariationalAutoencoder;
  readonly history: readonly RunRecord[];
}> {
  const { size, side, latentChannels, convolutional } = settings;
  const { widths, schedule } = convolutional;
  const { seed, controls } = context;
  const steps = Math.min(settings.steps, context.steps ?? Infinity);
  const batchSize = settings.batchSize * workerShare().count;
  const shape = { size: side, widths, latentChannels, seed };
  const name = vaeRunName(size, beta);
  const identity = [name, shape, schedule, batchSize, steps, data.summary];
  const model = variationalAutoencoder(shape);
  const adam = new Adam(model.weights());
  const validation = compileValidation(model, beta, name);
  try {
    const history = await trainOnPairs(data.pairs.train, {
      run: sectionRun(context, name, identity),
      length: { steps },
      batchSize: settings.batchSize,
      schedule,
      seed,
      state: new Map([...model.weights(), ...adam.state()]),
      inputs: pairTensors,
      step: (images, rate, noise) =>
        adam.minimize(
          rate,
          () => ({ ...vaeLoss(model, images[size], beta, noise) }),
        ),
      validate: () => validate(data.pairs.valid, size, validation),
    }, controls);
    return { model, history };
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    validation.dispose();
    adam.dispose();
  }
}

/** Noise of all validations: their losses differ by the weights alone. */
const VALIDATION_NOISE = 0;

function compileValidation(
  model: VariationalAutoencoder,
  beta: number,
  name: string,
) {
  return compile(
    (images: tf.Tensor4D) => ({
      ...vaeLoss(model, images, beta, VALIDATION_NOISE),
      decoded: model.decode(model.encode(images)),
    }),
    { name: `${name} validation` },
  );
}

/** Losses from samples, as in training; PSNR from means. */
function validate(
  pairs: Pairs,
  size: AutoencoderSettings["size"],
  validation: ReturnType<typeof compileValidation>,
): Pick<EpochRecord, "validLoss" | "validPsnrDb" | "parts"> {
  const sums = { loss: 0, reconstruction: 0, kl: 0 };
  const decibels: number[] = [];
  const names = Object.keys(sums) as (keyof typeof sums)[];
  const images = originals(pairs, size);
  for (const batch of tensors(pairs, size)) {
    const { decoded, ...losses } = validation(batch);
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
