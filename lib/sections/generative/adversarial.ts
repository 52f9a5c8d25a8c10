/**
 * The adversarial network: the one from the medium image, trained further
 * against a second network that learns to tell its images from real ones.
 *
 *     medium ▶ enlarge ▶ matched to the medium image ▶ x̂ ─┐
 *                                    original x ──────────┴▶ judge ▶ scores
 *
 * In each step the judge goes first, then the network that makes images:
 *
 *     judge:    softplus(D(x̂) − D(x))
 *     enlarge:  a · softplus(D(x) − D(x̂)) + f · |features(x) − features(x̂)|
 *               + e · |x − x̂|
 *
 * @module
 */

import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  adversarialLoss,
  discriminatorLoss,
  doubleSize,
  featureLoss,
  MATCH_PASSES,
  matchMedium,
  type PatchDiscriminator,
} from "@/models/enlarging/mod.ts";
import { prefixed } from "@/models/mod.ts";
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
import { enlargePairs } from "@/sections/super_resolution/measure.ts";
import type { Enlarger } from "@/sections/super_resolution/train.ts";
import type { AdversarialSettings } from "./types.ts";

/**
 * Makes what scales down to the medium image of what a network makes.
 *
 * @param enlarger The network; it still owns its weights.
 */
export function matched({ weights, enlarge }: Enlarger): Enlarger {
  return {
    weights,
    enlarge: (pair) =>
      tf.tidy(() => matchMedium(enlarge(pair), pair.medium, MATCH_PASSES)),
  };
}

/**
 * Trains a network against a discriminator, resumes such a run, or loads one
 * that is finished.
 *
 * @param run The run's name, folder and fingerprint.
 * @param enlarger Trained for the least error before; its weights are changed.
 * @param judge The discriminator; its weights are changed.
 * @param settings How both are trained.
 * @param data What they are trained on, and the seed of the order.
 */
export async function trainAdversarial(
  run: Run,
  { weights, enlarge }: Enlarger,
  judge: PatchDiscriminator,
  { training: { epochs, ...training }, judgeRate, terms }: AdversarialSettings,
  { pairs, seed, steps, controls }: SectionData,
): Promise<void> {
  using adam = new Adam(weights);
  using judgeAdam = new Adam(judge.weights());
  using through = compile(enlarge, { name: `${run.name} validation` });
  const against = originals(pairs.valid, "high");
  await trainOnPairs(pairs.train, {
    run,
    length: { epochs },
    maxSteps: steps,
    ...training,
    seed,
    state: new Map([
      ...weights,
      ...adam.state(),
      ...judge.weights(),
      ...judge.state(),
      ...prefixed("judge", judgeAdam.state()),
    ]),
    inputs: pairTensors,
    step: (pair, rate) =>
      tf.tidy(() => {
        judge.followKernels();
        const judged = judgeAdam.minimize(
          rate.mul(judgeRate) as tf.Scalar,
          () => judgeParts(judge, pair, enlarge(pair)),
        );
        const made = adam.minimize(rate, () => {
          const images = enlarge(pair);
          const smooth = doubleSize(pair.medium, "lanczos3");
          const real = judge.judge(pair.high, smooth);
          const judgement = judge.judge(images, smooth);
          const parts = {
            adversarial: adversarialLoss(real.scores, judgement.scores),
            features: featureLoss(real.features, judgement.features),
            absolute: images.sub(pair.high).abs().mean() as tf.Scalar,
          };
          const loss = parts.adversarial.mul(terms.adversarial)
            .add(parts.features.mul(terms.features))
            .add(parts.absolute.mul(terms.absolute)) as tf.Scalar;
          return { loss, ...parts };
        });
        return {
          ...made,
          judge: judged.loss,
          toldApart: judged.toldApart,
        };
      }),
    validate: () => validatePhotos(enlargePairs(pairs.valid, through), against),
  }, controls);
}

/** The judge's loss, and how often it is right. */
function judgeParts(
  judge: PatchDiscriminator,
  { high, medium }: PairBatch,
  made: tf.Tensor4D,
): { readonly loss: tf.Scalar; readonly toldApart: tf.Scalar } {
  const smooth = doubleSize(medium, "lanczos3");
  const { scores: real } = judge.judge(high, smooth);
  const { scores } = judge.judge(made, smooth);
  return {
    loss: discriminatorLoss(real, scores),
    toldApart: real.greater(scores).cast("float32").mean() as tf.Scalar,
  };
}
