/**
 * Two networks with codes of one shape under each of the write-up's five
 * fixes: made, trained together and measured. They may be of any kind.
 *
 * | Fix           | What differs from no fix                                |
 * | ------------- | ------------------------------------------------------- |
 * | standardised  | images with mean 0 and deviation 1 in each channel      |
 * | normalised    | images with minimum 0 and maximum 1 in each channel     |
 * | capacity      | twice the channels in every layer                       |
 * | dense         | a fully connected layer in the middle of each network   |
 * | alternate     | the high network also learns codes that the medium      |
 * |               | decoder can read, in turns with the medium network      |
 * | from start    | the medium decoder learns from high codes alone         |
 *
 * Without a fix, images are in 0..1 minus 0.5.
 *
 * @module
 */

import {
  channelStatistics,
  type Pairs,
  type PairSize,
} from "@/datasets/mod.ts";
import { meanPsnr, measureCodes, ownImages } from "@/experiment/measure.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { writeSamples } from "@/experiment/samples.ts";
import {
  type Autoencoder,
  convAutoencoder,
  decoderOf,
  denseMiddle,
  type ImageScale,
  type OwnLoss,
  prefixed,
  reconstructionLoss,
  scaleAutoencoder,
  squaredError,
} from "@/models/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  originals,
  pairTensors,
  type Run,
  trainOnPairs,
  validateImages,
} from "@/training/mod.ts";
import type {
  AttemptedFixesSettings,
  FixFound,
  FixName,
  PairTraining,
} from "./types.ts";

/** A medium and a high network under a fix; disposing it disposes both. */
export interface FixPair extends Disposable {
  /** Which fix. */
  readonly fix: FixName;
  /** For medium images. */
  readonly medium: Autoencoder;
  /** For high images. */
  readonly high: Autoencoder;
  /** What each network minimises on its own images. */
  readonly ownLoss: OwnLoss;
}

/** How the networks of a pair are made. */
export interface FixPairSettings {
  /**
   * Makes a network without a fix.
   *
   * @param size Which image of each pair it is for.
   * @param factor Multiplies the channels of its layers, not of its code.
   * @returns The network.
   */
  make(size: PairSize, factor: number): Autoencoder;
  /** Units in the middle of a fully connected layer. */
  readonly denseUnits: number;
  /** A network's loss on its own images; the mean squared error by default. */
  readonly ownLoss?: OwnLoss;
}

/**
 * Makes the networks of a fix.
 *
 * @param fix Which fix.
 * @param settings The networks without a fix.
 * @param data What they will be trained on, and the seed of what a fix adds.
 * @returns Both networks, to be disposed.
 */
export function makeFixPair(
  fix: FixName,
  { make, denseUnits: units, ownLoss = reconstructionLoss }: FixPairSettings,
  { pairs, seed }: SectionData,
): FixPair {
  const fixed = (size: PairSize) => {
    const model = make(size, fix === "capacity" ? 2 : 1);
    if (fix === "dense") return denseMiddle(model, { units, seed });
    if (fix !== "standardised" && fix !== "normalised") return model;
    return scaleAutoencoder(model, scaleOf(fix, pairs.train, size));
  };
  const [medium, high] = [fixed("medium"), fixed("high")];
  return {
    fix,
    medium,
    high,
    ownLoss,
    [Symbol.dispose]: () => {
      medium.dispose();
      high.dispose();
    },
  };
}

/**
 * Makes the write-up's two convolutional networks under a fix.
 *
 * @param fix Which fix.
 * @param settings The networks without a fix.
 * @param data What they will be trained on, and the seed of the first weights.
 * @returns Both networks, to be disposed.
 */
export function makeConvPair(
  fix: FixName,
  settings: Pick<AttemptedFixesSettings, "medium" | "high" | "denseUnits">,
  data: SectionData,
): FixPair {
  const make = (size: PairSize, factor: number) => {
    const { side, convolutional, latentChannels } = settings[size];
    const widths = convolutional.widths.map((width) => width * factor);
    const { seed } = data;
    return convAutoencoder({ size: side, widths, latentChannels, seed });
  };
  return makeFixPair(fix, { make, denseUnits: settings.denseUnits }, data);
}

function scaleOf(
  fix: "standardised" | "normalised",
  pairs: Pairs,
  size: PairSize,
): ImageScale {
  const { mean, std, min, max } = channelStatistics(pairs, size);
  return fix === "standardised"
    ? { shift: mean, scale: std }
    : { shift: min, scale: max.map((value, i) => value - min[i]!) };
}

/** One network's turn in a step. */
export interface Turn {
  /** What it learns with, by names that are unique in both turns together. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /**
   * What it minimises: a mean squared error, or the sum of two; more where the
   * networks' own loss is more.
   *
   * @param high High images `[n, side, side, 3]` in 0..1.
   * @param medium The medium images of the same pairs.
   * @param noise Seeds random draws of the networks' own loss.
   * @returns A scalar.
   */
  loss(high: tf.Tensor4D, medium: tf.Tensor4D, noise: tf.Tensor1D): tf.Scalar;
}

/**
 * The two turns of a training step: the medium network's, then the high
 * network's. Each changes its own network's weights only.
 *
 * @param pair The networks and their fix.
 */
export function turnsOf(
  { fix, medium, high, ownLoss }: FixPair,
): { readonly medium: Turn; readonly high: Turn } {
  const cross = (large: tf.Tensor4D, small: tf.Tensor4D) =>
    tf.tidy(() => squaredError(medium.decode(high.encode(large)), small));
  const weights = fix === "from start"
    ? decoderOf(medium).weights()
    : medium.weights();
  return {
    medium: {
      weights: new Map(prefixed("medium", weights)),
      loss: fix === "from start"
        ? cross
        : (_, small, noise) => ownLoss(medium, small, noise),
    },
    high: {
      weights: new Map(prefixed("high", high.weights())),
      loss: (large, small, noise) =>
        fix !== "alternate"
          ? ownLoss(high, large, noise)
          : tf.tidy(() =>
            ownLoss(high, large, noise).add(cross(large, small)) as tf.Scalar
          ),
    },
  };
}

/**
 * Trains a pair, each network in its own turn of every step; resumes a run
 * that was stopped, or loads one that is finished.
 *
 *     step: medium network's turn (Adam) ▶ high network's turn (Adam)
 *
 * @param run The run's name, folder and fingerprint.
 * @param pair Its weights are changed.
 * @param training Steps, batches and learning rates.
 * @param data What it is trained on, and the seed of the order.
 */
export async function trainPair(
  run: Run,
  pair: FixPair,
  { steps, batchSize, schedule }: PairTraining,
  { pairs, seed, controls }: SectionData,
): Promise<void> {
  const { medium, high } = turnsOf(pair);
  using ofMedium = new Adam(medium.weights);
  using ofHigh = new Adam(high.weights);
  using through = compile(
    (large: tf.Tensor4D) => pair.medium.decode(pair.high.encode(large)),
    { name: `${run.name} validation` },
  );
  await trainOnPairs(pairs.train, {
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
    step: (images, rate, noise) => {
      const turn = (adam: Adam, { loss }: Turn) =>
        adam.minimize(rate, () => ({
          loss: loss(images.high, images.medium, noise),
        })).loss;
      const first = turn(ofMedium, medium);
      const second = turn(ofHigh, high);
      const loss = first.add(second) as tf.Scalar;
      return { loss, medium: first, high: second };
    },
    validate: () => validateImages(pairs.valid, "high", "medium", through),
  }, controls);
}

/**
 * Measures a pair on the test photos, and keeps a few medium images from high
 * codes in the run's folder.
 *
 * @param run The run that trained it.
 * @param pair The networks and their fix.
 * @param data The photos.
 * @param strip Name of the file of images.
 * @returns Mean PSNR in dB, and the networks' sizes.
 */
export async function measurePair(
  { folder }: Run,
  { fix, medium, high }: FixPair,
  { pairs }: SectionData,
  strip: string,
): Promise<FixFound> {
  const { test } = pairs;
  const { scores, fromHigh } = await measureCodes(test, { high, medium });
  await writeSamples(`${folder}/${strip}`, fromHigh, pairs);
  const own = fix === "from start"
    ? null
    : meanPsnr(ownImages(test, "medium", medium), originals(test, "medium"));
  return {
    ...scores,
    mediumOwnDb: own,
    mediumParameters: medium.parameters,
    highParameters: high.parameters,
  };
}
