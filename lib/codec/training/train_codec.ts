/**
 * Trains the codec's networks, for as long as wanted: the learning rate stays
 * where it is, so that a run can be made longer, and falls only in a second,
 * short run that starts from the first one's weights. What ours is compared with
 * is made of its weights by a third run.
 *
 * @module
 */

import {
  CODEC_SETTINGS,
  type CodecBatch,
  codecLoss,
  type CodecSettings,
  codecWeights,
  coefficientNorms,
} from "./mod.ts";
import { prefetchBatches, seededRandom } from "@/datasets/mod.ts";
import { compile, type Precision, tf } from "@/tensorflow/mod.ts";
import { Adam, learningRate, train, workerShare } from "@/training/mod.ts";
import { readCodecStart } from "./codec_start.ts";
import { type CodecVariant, readAllLatents } from "./codec_variant.ts";
import { prepareData, type SectionData } from "@/experiment/prepare_data.ts";
import type { RunRecord, SectionContext } from "@/experiment/section.ts";
import { fingerprint, runFolder } from "@/experiment/train_autoencoder.ts";
import { tensors } from "@/experiment/reconstruct.ts";
import {
  codecPhotos,
  readParts,
  toCodecBatch,
  validateCodec,
} from "./validate_codec.ts";

/** How the codec is trained. */
export interface CodecTraining {
  /** Widths of the networks. */
  readonly network: CodecSettings;
  /** Pairs to train on. */
  readonly trainPairs: number;
  /** Side of their high images; a multiple of 32. */
  readonly pairSize: number;
  /** Side of the random part of each that a step sees; a multiple of 32. */
  readonly windowSize: number;
  /** What convolutions are computed in. */
  readonly precision: Precision;
  /** Parts a step, of each worker. */
  readonly batchSize: number;
  /** The learning rate of the first run. */
  readonly rate: number;
  /** Steps of the second run, in which the rate falls. */
  readonly coolSteps: number;
  /** What is made; the layered codec, which has no third run, by default. */
  readonly variant?: CodecVariant;
  /** Steps of the third run. */
  readonly variantSteps: number;
  /** The learning rate that it starts at. */
  readonly variantRate: number;
  /** Gradients are scaled down to this global norm. */
  readonly clipNorm: number;
  /** What the medium image counts beside the high one. */
  readonly mediumShare: number;
}

/** The published codec's training. */
export const CODEC_TRAINING: CodecTraining = {
  network: CODEC_SETTINGS,
  trainPairs: 1200,
  pairSize: 352,
  windowSize: 192,
  precision: "bfloat16",
  batchSize: 4,
  rate: 1e-3,
  coolSteps: 8000,
  variantSteps: 2500,
  variantRate: 3e-4,
  clipNorm: 1,
  mediumShare: 0.25,
};

/** A trained codec. */
export interface TrainedCodec {
  /** All its weights by name; to be disposed. */
  readonly weights: Map<string, tf.Variable>;
  /** What it was trained on. */
  readonly data: SectionData;
  /** Losses of both runs. */
  readonly history: RunRecord[];
}

/**
 * Trains a codec, or goes on where it stopped.
 *
 * @param training How; all of it but what is of later runs decides the first
 * run, which goes on when it is asked for more steps.
 * @param steps Of the first run.
 * @param context What a section is given; `steps` in it is of no effect.
 * @param start Weights that the first run starts from, of `writeCodecStart`.
 * @throws {DatasetError} When there are no usable photos.
 * @throws {CodecStartError} When the weights to start from are of other widths.
 * @throws {SafetensorsError} When they are no weights.
 */
export async function trainCodec(
  training: CodecTraining,
  steps: number,
  context: SectionContext,
  start?: Uint8Array,
): Promise<TrainedCodec> {
  const {
    coolSteps,
    variant = "layered",
    variantSteps,
    variantRate,
    ...first
  } = training;
  const data = await prepareData(
    context,
    training.trainPairs,
    training.pairSize,
  );
  const weights = codecWeights(
    training.network,
    coefficientNorms(highImages(data)),
    context.seed,
  );
  const history: RunRecord[] = [];
  try {
    if (start !== undefined) readCodecStart(start, weights);
    const id = fingerprint([
      first,
      data.summary,
      context.seed,
      ...start === undefined ? [] : [Array.from(start)],
    ]);
    const { rate, mediumShare } = training;
    const run = async (run: Run) => {
      if (run.steps === 0) return;
      history.push(...await trainRun(run, weights, training, data, context));
    };
    await run({ name: "codec", id, steps, rate, floor: 1, mediumShare });
    await run({
      name: "codec, cooled",
      id: fingerprint([id, steps, coolSteps]),
      steps: coolSteps,
      ...{ rate, floor: 0.01, mediumShare },
    });
    if (variant === "layered") return { weights, data, history };
    if (variant === "two-decoders") readAllLatents(weights);
    await run({
      name: `codec, ${variant}`,
      id: fingerprint([
        ...[id, steps, coolSteps],
        ...[variant, variantSteps, variantRate],
      ]),
      steps: variantSteps,
      rate: variantRate,
      floor: 0.01,
      mediumShare: variant === "high-only" ? 0 : mediumShare,
    });
    return { weights, data, history };
  } catch (error) {
    tf.dispose([...weights.values()]);
    throw error;
  }
}

function* highImages(data: SectionData): Generator<tf.Tensor4D> {
  yield* tensors(data.pairs.train, "high", 8);
}

interface Run {
  readonly name: string;
  readonly id: string;
  readonly steps: number;
  /** The learning rate after the first steps. */
  readonly rate: number;
  /** What is left of it in the end. */
  readonly floor: number;
  /** What the medium image counts beside the high one. */
  readonly mediumShare: number;
}

async function trainRun(
  { name, id, steps, rate, floor, mediumShare }: Run,
  weights: Map<string, tf.Variable>,
  training: CodecTraining,
  { pairs }: SectionData,
  context: SectionContext,
): Promise<RunRecord[]> {
  const { network, windowSize, precision, clipNorm } = training;
  const { seed, controls } = context;
  const share = workerShare();
  const batchSize = training.batchSize * share.count;
  const learned = new Map(
    [...weights].filter(([, { trainable }]) => trainable),
  );
  const adam = new Adam(learned, { clipNorm });
  const value = (name: string) => weights.get(name)!;
  const step = compile(
    (batch: CodecBatch, rate: tf.Scalar, noise: tf.Tensor1D) =>
      adam.minimize(
        rate,
        () => ({ ...codecLoss(batch, value, noise, mediumShare) }),
      ),
    { name: `${name} step`, precision },
  );
  const check = compile(
    (batch: CodecBatch) => ({
      ...codecLoss(batch, value, undefined, mediumShare),
    }),
    { name: `${name} validation` },
  );
  const schedule = { peak: rate, warmUpSteps: Math.min(200, steps), floor };
  const history: RunRecord[] = [];
  try {
    await train({
      phase: `Training ${name}`,
      folder: runFolder(context, name, id),
      run: id,
      steps,
      stepsPerEpoch: STEPS_PER_EPOCH,
      batchSize,
      state: new Map([...weights, ...adam.state()]),
      batches: (firstStep) =>
        prefetchBatches(pairs.train, {
          batchSize,
          seed,
          share,
          windowSize,
          firstStep,
          lastStep: steps,
        }),
      step: (batch, number) => {
        const random = seededRandom(seed, "level", number, share.index);
        const levels = batch.indices.map(() => random());
        const inputs = toCodecBatch(
          batch.high,
          batch.medium,
          windowSize,
          levels,
          network.anchors,
        );
        const scalars = {
          rate: tf.scalar(learningRate(number, steps, schedule)),
          noise: tf.tensor1d(
            [seed, number * share.count + share.index],
            "int32",
          ),
        };
        const parts = step(inputs, scalars.rate, scalars.noise);
        const values = readParts(parts);
        tf.dispose([{ ...inputs }, scalars]);
        return values as { loss: number };
      },
      validate: () => {
        const found = validateCodec(pairs.valid, check, network.anchors);
        return Promise.resolve(found);
      },
      onEpoch: async () => {
        if (controls.tensorBoard) {
          return await codecPhotos(pairs.valid, value, network.anchors);
        }
      },
    }, {
      ...controls,
      saveEverySeconds: 120,
      onRecord: (record) => {
        const named = { run: name, ...record };
        history.push(named);
        controls.onRecord?.(named);
      },
    });
    return history;
  } finally {
    step.dispose();
    check.dispose();
    adam.dispose();
  }
}

/** Between validations; a pass over the pairs would be too rare or too often. */
const STEPS_PER_EPOCH = 500;
