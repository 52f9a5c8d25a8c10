/**
 * One stored code for both images: a small decoder of the medium image beside
 * the high network, on the very same code.
 *
 *     high image ▶ encoder ▶ z ─┬─▶ high decoder   ▶ high image
 *                               └─▶ medium decoder ▶ medium image
 *
 * As an *adapter* the high network stays as it was trained, and the medium
 * decoder alone learns. *Jointly*, all three learn: MSE_high + w · MSE_medium.
 * Where the high network is variational, both decoders then learn from one
 * sample of its code, and the distance from the prior is added.
 *
 * @module
 */

import {
  type Autoencoder,
  type ImageDecoder,
  isVariational,
  klFromPrior,
  samplePosterior,
  squaredError,
} from "@/models/mod.ts";
import { compile, type Seed, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  measureFromHigh,
  pairTensors,
  type Run,
  type RunLength,
  type ScheduleSettings,
  trainOnPairs,
} from "@/training/mod.ts";
import type { RunRecord } from "@/training/records.ts";
import type { SectionContext } from "@/experiment/types.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";

/** The high network and the second decoder of its code. */
export interface OneCodeModels {
  /** Encoder and decoder of high images. */
  readonly high: Autoencoder;
  /** The medium image from the same code. */
  readonly medium: ImageDecoder;
}

/** How they are trained. */
export interface OneCodeTraining {
  /** w; without it the high network is frozen. */
  readonly mediumWeight?: number;
  /** What a variational network's distance from the prior counts. */
  readonly beta?: number;
  /** Times that all pairs are seen, or a number of steps. */
  readonly length: RunLength;
  /** Pairs a step. */
  readonly batchSize: number;
  /** The learning rate over the run. */
  readonly schedule: ScheduleSettings;
}

/** The loss and its parts. */
export interface OneCodeLoss {
  /**
   * `high + w * medium`, and `beta` times the distance from the prior where
   * codes are sampled; `medium` where the high network is frozen.
   */
  readonly loss: tf.Scalar;
  /** Mean squared error of the high images. */
  readonly high: tf.Scalar;
  /** Mean squared error of the medium images. */
  readonly medium: tf.Scalar;
}

/**
 * The loss of a batch of pairs.
 *
 * @param models The networks.
 * @param high High images, in 0..1.
 * @param medium The medium images of the same pairs.
 * @param mediumWeight w; without it the medium image alone counts.
 * @param sampling With it, codes of a variational network that learns are
 * samples; else they are means.
 */
export function oneCodeLoss(
  models: OneCodeModels,
  high: tf.Tensor4D,
  medium: tf.Tensor4D,
  mediumWeight?: number,
  sampling?: { readonly beta: number; readonly noise: Seed },
): OneCodeLoss {
  return tf.tidy(() => {
    const posterior = mediumWeight !== undefined && sampling !== undefined &&
        isVariational(models.high)
      ? models.high.posterior(high)
      : undefined;
    const code = posterior === undefined
      ? models.high.encode(high)
      : samplePosterior(posterior, sampling!.noise);
    const ofHigh = squaredError(models.high.decode(code), high);
    const ofMedium = squaredError(models.medium.decode(code), medium);
    const loss = mediumWeight === undefined
      ? ofMedium.clone()
      : ofHigh.add(ofMedium.mul(mediumWeight)) as tf.Scalar;
    if (posterior === undefined) {
      return { loss, high: ofHigh, medium: ofMedium };
    }
    const kl = klFromPrior(posterior).sum().div(high.size);
    return {
      loss: loss.add(kl.mul(sampling!.beta)) as tf.Scalar,
      high: ofHigh,
      medium: ofMedium,
    };
  });
}

/**
 * Trains an adapter or a joint pair of decoders, or goes on where it stopped.
 *
 * @param run The run's name, folder and fingerprint.
 * @returns The losses; the validation's PSNR is of the medium image.
 * @throws {RangeError} When both networks have a weight of one name.
 */
export async function trainOneCode(
  run: Run,
  models: OneCodeModels,
  { mediumWeight, beta, length, batchSize, schedule }: OneCodeTraining,
  data: SectionData,
  { seed, steps, controls }: SectionContext,
): Promise<RunRecord[]> {
  const weights = disjoint([
    ...mediumWeight === undefined ? [] : models.high.weights(),
    ...models.medium.weights(),
  ]);
  const adam = new Adam(weights);
  const through = compile(
    (high: tf.Tensor4D) => models.medium.decode(models.high.encode(high)),
    { name: `${run.name} validation` },
  );
  try {
    return await trainOnPairs(data.pairs.train, {
      run,
      length,
      maxSteps: steps,
      batchSize,
      schedule,
      seed,
      state: new Map([...weights, ...adam.state()]),
      inputs: pairTensors,
      step: ({ high, medium }, rate, noise) => {
        const sampling = beta === undefined ? undefined : { beta, noise };
        return adam.minimize(rate, () => ({
          ...oneCodeLoss(models, high, medium, mediumWeight, sampling),
        }));
      },
      validate: () => measureFromHigh(data.pairs.valid, through),
    }, controls);
  } finally {
    through.dispose();
    adam.dispose();
  }
}

/** All weights by name; none may take another's place. */
function disjoint(
  entries: readonly (readonly [string, tf.Variable])[],
): Map<string, tf.Variable> {
  const weights = new Map<string, tf.Variable>();
  for (const [name, weight] of entries) {
    if (weights.has(name)) {
      throw new RangeError(`Two weights of one code are named "${name}".`);
    }
    weights.set(name, weight);
  }
  return weights;
}
