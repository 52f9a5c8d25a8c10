/**
 * One stored code for both images: a small decoder of the medium image beside
 * the high network, on the very same code.
 *
 *     high image ▶ encoder ▶ z ─┬─▶ high decoder   ▶ high image
 *                               └─▶ medium decoder ▶ medium image
 *
 * An *adapter* is a medium decoder that is trained on the code of a finished
 * high network. In *joint* training all three learn: MSE_high + w · MSE_medium.
 * Where the high network is variational, both decoders then learn from one
 * sample of its code, and the distance from the prior is added.
 *
 * @module
 */

import { fitImageMap } from "@/experiment/linear_maps.ts";
import { measureCodes } from "@/experiment/measure.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  applyLinearMap,
  type Autoencoder,
  fromPatches,
  type ImageDecoder,
  isVariational,
  klFromPrior,
  neighbourhoods,
  pcaDecode,
  pcaEncode,
  samplePosterior,
  squaredError,
} from "@/models/mod.ts";
import { fitComponents } from "@/sections/autoencoders/networks.ts";
import { pcaFloor } from "@/sections/feature_capture/pca_floor.ts";
import { compile, type Seed, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  type PairBatch,
  type PairsPlan,
  pairTensors,
  type Run,
  trainOnPairs,
  validateImages,
} from "@/training/mod.ts";
import type { AttemptedFixesSettings, FixFloorRow } from "./types.ts";

/** The high network and the second decoder of its code. */
export interface OneCodeModels {
  /** Encoder and decoder of high images. */
  readonly high: Autoencoder;
  /** The medium image from the same code. */
  readonly medium: ImageDecoder;
}

/** What a loss consists of. */
export interface OneCodeWeights {
  /** w; without it the high network is frozen. */
  readonly mediumWeight?: number | undefined;
  /**
   * Weight of a variational network's distance from the prior; without it,
   * codes are means and not samples.
   */
  readonly beta?: number | undefined;
}

/** How the networks are trained. */
export interface OneCodeTraining
  extends
    OneCodeWeights,
    Pick<PairsPlan<PairBatch>, "length" | "batchSize" | "schedule"> {}

/** The loss and its parts, all scalars. */
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
 * @param images The batch.
 * @param weights What the loss consists of.
 * @param noise Seeds the samples of a variational network's codes.
 */
export function oneCodeLoss(
  models: OneCodeModels,
  { high, medium }: PairBatch,
  { mediumWeight, beta }: OneCodeWeights = {},
  noise: Seed = 0,
): OneCodeLoss {
  return tf.tidy(() => {
    const posterior = mediumWeight !== undefined && beta !== undefined &&
        isVariational(models.high)
      ? models.high.posterior(high)
      : undefined;
    const code = posterior === undefined
      ? models.high.encode(high)
      : samplePosterior(posterior, noise);
    const ofHigh = squaredError(models.high.decode(code), high);
    const ofMedium = squaredError(models.medium.decode(code), medium);
    let loss = mediumWeight === undefined
      ? ofMedium.clone()
      : ofHigh.add(ofMedium.mul(mediumWeight)) as tf.Scalar;
    if (posterior !== undefined) {
      const kl = klFromPrior(posterior).sum().div(high.size);
      loss = loss.add(kl.mul(beta!)) as tf.Scalar;
    }
    return { loss, high: ofHigh, medium: ofMedium };
  });
}

/**
 * Trains an adapter or both decoders jointly; resumes a run that was stopped,
 * or loads one that is finished.
 *
 * @param run The run's name, folder and fingerprint. The PSNR in its history
 * is that of the medium image.
 * @param models Their weights are changed.
 * @param training How they are trained.
 * @param data What they are trained on, and the seed of the order.
 * @throws {RangeError} When both networks have a weight of one name.
 */
export async function trainOneCode(
  run: Run,
  models: OneCodeModels,
  { length, batchSize, schedule, ...lossWeights }: OneCodeTraining,
  { pairs, seed, steps, controls }: SectionData,
): Promise<void> {
  const weights = disjoint([
    ...lossWeights.mediumWeight === undefined ? [] : models.high.weights(),
    ...models.medium.weights(),
  ]);
  using adam = new Adam(weights);
  using through = compile(
    (high: tf.Tensor4D) => models.medium.decode(models.high.encode(high)),
    { name: `${run.name} validation` },
  );
  await trainOnPairs(pairs.train, {
    run,
    length,
    maxSteps: steps,
    batchSize,
    schedule,
    seed,
    state: new Map([...weights, ...adam.state()]),
    inputs: pairTensors,
    step: (images, rate, noise) =>
      adam.minimize(rate, () => ({
        ...oneCodeLoss(models, images, lossWeights, noise),
      })),
    validate: () => validateImages(pairs.valid, "high", "medium", through),
  }, controls);
}

/** All weights by name; two of one name would overwrite each other. */
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

/**
 * Measures the floor of one code on the test photos: principal components of
 * high patches, and the best linear map from their code and its neighbours to
 * medium patches. Nothing is trained.
 *
 * @param patches The sides of the patches.
 * @param data The pairs.
 * @param channels Number of components, C.
 * @returns Mean PSNR in dB.
 */
export async function neighbourhoodFloor(
  patches: Pick<AttemptedFixesSettings, "medium" | "high">,
  data: SectionData,
  channels: number,
): Promise<FixFloorRow> {
  const { patch } = patches.medium.residual;
  using pca = fitComponents(data, patches.high, channels);
  const encode = (images: tf.Tensor4D) => pcaEncode(pca, images);
  using map = fitImageMap(data, { encode, channels, patch });
  const { scores } = await measureCodes(data.pairs.test, {
    high: { encode, decode: (codes) => pcaDecode(pca, codes) },
    medium: {
      decode: (codes) =>
        tf.tidy(() =>
          fromPatches(applyLinearMap(map, neighbourhoods(codes)), patch)
        ),
    },
  });
  return {
    ...await pcaFloor(data, patches, channels),
    neighbourhoodMapDb: scores.mediumFromHighDb,
  };
}
