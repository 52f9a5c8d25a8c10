/**
 * Training of a network that makes the high image, on random windows of pairs.
 *
 * The loss is the mean squared error and, where it is asked for, a term
 * against softness. Of all images that fit what is known, the squared error
 * asks for the mean, and a mean of sharp images is soft. The term compares how
 * large the differences between neighbouring pixels are, not their signs:
 *
 *     (|x̂(i+1) − x̂(i)| − |x(i+1) − x(i)|)², the mean over both directions
 *
 * So it asks for as much detail as the original has, right or wrong. The
 * square matters: it asks for the mean of these sizes. Without it, it would
 * ask for their median, which is low, as most pixels are like their neighbours.
 *
 * @module
 */

import type { SectionData } from "@/experiment/prepare_data.ts";
import { squaredError } from "@/models/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  originals,
  type PairBatch,
  pairTensors,
  type Run,
  trainOnPairs,
  validatePhotos,
} from "@/training/mod.ts";
import { enlargePairs } from "./measure.ts";
import type { EnlargerTraining } from "./types.ts";

/** A network that makes the high image from what is stored of a pair. */
export interface Enlarger {
  /** What is trained, by unique names. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /**
   * Makes the high image. It sees only what is stored of the pair: the medium
   * image, or what the high network's encoder makes of the high one.
   *
   * @param pair The images of some pairs.
   * @returns The shape of the high images; about 0..1, not clipped.
   */
  enlarge(pair: PairBatch): tf.Tensor4D;
}

/** The loss, and its parts where there are two; all are scalars. */
export type EnlargedLoss = {
  /** `squared`, or `squared + weight * detail`. */
  readonly loss: tf.Scalar;
  /** Mean squared error. */
  readonly squared?: tf.Scalar;
  /** The term against softness. */
  readonly detail?: tf.Scalar;
};

/**
 * The loss of high images.
 *
 * @param images `[n, height, width, 3]`, about 0..1.
 * @param against The originals, of the same shape.
 * @param weight Weight of the term against softness; 0 leaves it out.
 */
export function enlargedLoss(
  images: tf.Tensor4D,
  against: tf.Tensor4D,
  weight: number,
): EnlargedLoss {
  return tf.tidy(() => {
    const squared = squaredError(images, against);
    if (weight === 0) return { loss: squared };
    const [along, down] = ([2, 1] as const).map((axis) =>
      squaredError(
        differences(images, axis).abs(),
        differences(against, axis).abs(),
      )
    );
    const detail = along!.add(down!).div(2) as tf.Scalar;
    const loss = squared.add(detail.mul(weight)) as tf.Scalar;
    return { loss, squared, detail };
  });
}

/** Each pixel's next one along an axis, minus the pixel. */
function differences(images: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const size = images.shape.map((side, i) => i === axis ? side - 1 : side);
  const next = size.map((_, i) => i === axis ? 1 : 0);
  return images.slice(next, size).sub(images.slice([0, 0, 0, 0], size));
}

/**
 * Trains a network, resumes a run that was stopped, or loads one that is
 * finished.
 *
 * @param run The run's name, folder and fingerprint.
 * @param enlarger Its weights are changed.
 * @param training How it is trained.
 * @param data What it is trained on, and the seed of the order.
 */
export async function trainEnlarger(
  run: Run,
  { weights, enlarge }: Enlarger,
  { epochs, detailWeight, ...training }: EnlargerTraining,
  { pairs, seed, steps, controls }: SectionData,
): Promise<void> {
  using adam = new Adam(weights);
  using through = compile(enlarge, { name: `${run.name} validation` });
  const against = originals(pairs.valid, "high");
  await trainOnPairs(pairs.train, {
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
    validate: () => validatePhotos(enlargePairs(pairs.valid, through), against),
  }, controls);
}
