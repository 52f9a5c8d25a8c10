/**
 * The network that draws: how it is trained, and what it draws of the test
 * photos.
 *
 * @module
 */

import type { SectionData } from "@/experiment/prepare_data.ts";
import type { Pairs } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { mean } from "@/metrics/mod.ts";
import {
  addDetail,
  detailCondition,
  detailLoss,
  detailNoise,
  type DetailSampler,
  drawDetail,
  MATCH_PASSES,
  matchMedium,
  takeDetail,
} from "@/models/enlarging/mod.ts";
import { compile, randomNormal, randomUniform, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  originals,
  type PairBatch,
  pairTensors,
  type Run,
  stepsPerPass,
  tensors,
  toPixels,
  trainOnPairs,
  validatePhotos,
  type Validation,
  WeightAverages,
} from "@/training/mod.ts";
import type { Enlarger } from "@/sections/super_resolution/train.ts";
import type { SamplingSettings } from "./types.ts";

/** Keeps the times of a step from being its noise's numbers. */
const TIME_SEED = 1_000_003;

/**
 * Trains a sampler, resumes such a run, or loads one that is finished. In the
 * end it has the averages of its weights over the last steps.
 *
 * @param run The run's name, folder and fingerprint.
 * @param sampler Its weights are changed.
 * @param base The network of the least error, to which detail is added; it is
 * not changed.
 * @param settings How it is trained.
 * @param data What it is trained on, and the seed of the order.
 */
export async function trainSampler(
  run: Run,
  sampler: DetailSampler,
  base: Enlarger,
  { training: { epochs, ...training }, validateEvery }: SamplingSettings,
  { pairs, seed, steps, controls }: SectionData,
): Promise<void> {
  using adam = new Adam(sampler.weights(), { clipNorm: 1 });
  using averages = new WeightAverages(sampler.weights());
  const lesson = (pair: PairBatch, noise: tf.Tensor) => {
    const image = base.enlarge(pair);
    const { seen, scale } = detailCondition(pair.medium, image);
    const detail = takeDetail(pair.high, image, scale);
    const times = noise.add(tf.tensor1d([TIME_SEED, 0], "int32"));
    return {
      detail,
      seen,
      noise: randomNormal(detail.shape, noise) as tf.Tensor4D,
      time: randomUniform([detail.shape[0]], times) as tf.Tensor1D,
    };
  };
  using validation = compile((pair: PairBatch, noise: tf.Tensor) => {
    const parts = lesson(pair, noise);
    // From noise alone, one step leads to the mean of all draws.
    const start = tf.zerosLike(parts.time);
    const ahead = sampler.velocity(parts.noise, parts.seen, start)
      .add(parts.noise) as tf.Tensor4D;
    const image = base.enlarge(pair);
    const { scale } = detailCondition(pair.medium, image);
    return {
      loss: detailLoss(sampler, parts),
      image: addDetail(image, ahead, scale),
    };
  }, { name: `${run.name} validation` });
  const perPass = stepsPerPass(pairs.train, training.batchSize);
  await trainOnPairs(pairs.train, {
    run,
    length: { epochs },
    maxSteps: steps,
    ...training,
    stepsPerEpoch: perPass * validateEvery,
    seed,
    state: new Map([
      ...sampler.weights(),
      ...adam.state(),
      ...averages.state(),
    ]),
    inputs: pairTensors,
    step: (pair, rate, noise) =>
      tf.tidy(() => {
        const parts = lesson(pair, noise);
        const losses = adam.minimize(rate, () => ({
          loss: detailLoss(sampler, parts),
        }));
        averages.update();
        return losses;
      }),
    validate: () => validate(pairs.valid, validation),
  }, controls);
  averages.apply();
}

type ValidationPass = (
  pair: PairBatch,
  noise: tf.Tensor,
) => { readonly loss: tf.Scalar; readonly image: tf.Tensor4D };

/** The loss with noise that never changes, and the PSNR of the mean. */
function validate(pairs: Pairs, pass: ValidationPass): Validation {
  const losses: number[] = [], photos: Pixels[] = [];
  for (const pair of pairBatches(pairs)) {
    const noise = tf.tensor1d([0, losses.length], "int32");
    const { loss, image } = pass(pair, noise);
    losses.push(loss.dataSync()[0]!);
    photos.push(...toPixels(image));
    tf.dispose([noise, loss, image, pair.high, pair.medium]);
  }
  const { validPsnrDb } = validatePhotos(photos, originals(pairs, "high"));
  return { validLoss: mean(losses), validPsnrDb };
}

/** Both images of a few pairs at a time; to be disposed. */
function* pairBatches(pairs: Pairs): Generator<PairBatch> {
  const mediums = tensors(pairs, "medium");
  for (const high of tensors(pairs, "high")) {
    yield { high, medium: mediums.next().value as tf.Tensor4D };
  }
}

/** Draws of all photos of a split. */
export interface PhotoDraws {
  /** The draws, each with one image for each pair. */
  readonly draws: readonly (readonly Pixels[])[];
  /** The mean of all draws of each pair. */
  readonly means: readonly Pixels[];
  /** For each pair `[highSize²]`: the deviation of the draws, in 0..1. */
  readonly deviations: readonly Float32Array[];
}

/**
 * Draws high images.
 *
 * @param pairs A split, such as the test photos.
 * @param sampler Trained.
 * @param base The network of the least error.
 * @param settings Steps, number of draws, and whether draws are changed so that
 * they scale down to the medium image, as they are by default.
 * @param seed Decides the noise, together with a photo's index.
 * @returns The draws.
 */
export function drawPhotos(
  pairs: Pairs,
  sampler: DetailSampler,
  base: Enlarger,
  { steps, draws: count, matched = true }:
    & Pick<SamplingSettings, "steps" | "draws">
    & { readonly matched?: boolean },
  seed: number,
): PhotoDraws {
  using velocity = compile(sampler.velocity, { name: "velocity" });
  const draws: Pixels[][] = Array.from({ length: count }, () => []);
  const means: Pixels[] = [], deviations: Float32Array[] = [];
  for (let i = 0; i < pairs.count; i++) {
    const one = onePair(pairs, i);
    for (const pair of pairBatches(one)) {
      const prepared = tf.tidy(() => {
        const image = base.enlarge(pair);
        return { image, ...detailCondition(pair.medium, image) };
      });
      const drawn = Array.from({ length: count }, (_, draw) => {
        const { seen, image, scale } = prepared;
        const [, height, width] = pair.medium.shape;
        const numbers = detailNoise(height, width, seed, i, draw);
        const noise = tf.tensor4d(numbers, [1, height, width, 12]);
        const detail = drawDetail(velocity, { seen, noise, steps });
        const large = tf.tidy(() =>
          matchMedium(
            addDetail(image, detail, scale),
            pair.medium,
            matched ? MATCH_PASSES : 0,
          ).clipByValue(0, 1) as tf.Tensor4D
        );
        draws[draw]!.push(...toPixels(large));
        tf.dispose([noise, detail]);
        return large;
      });
      const stacked = tf.tidy(() => {
        const { mean, variance } = tf.moments(tf.concat(drawn, 0), 0, true);
        // Of a sample, and over the colours.
        const unbiased = variance.mul(count / Math.max(1, count - 1));
        return {
          mean: mean as tf.Tensor4D,
          deviation: unbiased.mean(3).sqrt(),
        };
      });
      means.push(...toPixels(stacked.mean));
      deviations.push(stacked.deviation.dataSync() as Float32Array);
      tf.dispose([...drawn, pair.high, pair.medium]);
      tf.dispose([...Object.values(prepared), ...Object.values(stacked)]);
    }
  }
  return { draws, means, deviations };
}

function onePair(pairs: Pairs, index: number): Pairs {
  return {
    ...pairs,
    split: pairs.split,
    count: 1,
    names: [pairs.names[index]!],
    highSize: pairs.highSize,
    mediumSize: pairs.mediumSize,
    high: () => pairs.high(index),
    medium: () => pairs.medium(index),
  };
}
