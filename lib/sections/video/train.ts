/**
 * Trains a sequential variational autoencoder on segments.
 *
 * @module
 */
import {
  type PreparedClips,
  type SegmentBatch,
  segmentBatches,
  type Segments,
} from "@/datasets/mod.ts";
import { finiteDb, mean, psnr } from "@/metrics/mod.ts";
import type { SequentialVae } from "@/models/mod.ts";
import { evenlySpread } from "@/experiment/samples.ts";
import { randomInteger, seededRandom } from "@/random/seeded_random.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  readScalars,
  type Run,
  type RunControls,
  type RunRecord,
  type ScheduleSettings,
  trainOnBatches,
  type Validation,
} from "@/training/mod.ts";
import { encodeSegment, oneHot, synthesise } from "./code_segment.ts";
import { type SegmentInputs, segmentLoss } from "./objective.ts";
import { fitSequentialStart } from "./segment_components.ts";

/** How a network is trained. */
export interface VideoTraining {
  /** Number of steps. */
  readonly steps: number;
  /** Segments in a step. */
  readonly batchSize: number;
  /** The learning rate over the run. */
  readonly schedule: ScheduleSettings;
  /** Steps between validations. */
  readonly stepsPerEpoch: number;
  /** λ of each quality, from the fewest bits on. */
  readonly lambdas: readonly number[];
}

/** Maximum number of segments of a validation. */
const VALIDATED = 4;

/** Maximum number of segments that the principal components are fitted to. */
const FITTED = 200;

/**
 * Trains a network, resumes a run that was stopped, or loads one that is
 * finished. It begins with the principal components of the train segments. Each segment of a step has a quality of its own, drawn by lot.
 *
 * @param run The run's name, folder and fingerprint.
 * @param model Its weights are changed.
 * @param clips What it is trained and validated on.
 * @param training How.
 * @param seed Decides the order, the qualities and the noise.
 * @param controls How to watch and to stop it.
 * @returns The history of the whole run.
 */
export async function trainVideo(
  run: Run,
  model: SequentialVae,
  clips: PreparedClips,
  training: VideoTraining,
  seed: number,
  controls: RunControls = {},
): Promise<RunRecord[]> {
  const { lambdas, batchSize, steps, stepsPerEpoch, schedule } = training;
  startFromComponents(model, clips.train, lambdas);
  using adam = new Adam(model.weights(), { clipNorm: 10 });
  using pass = compile(
    (inputs: SegmentInputs) => segmentLoss(model, inputs, lambdas, 0),
    { name: `${run.name} validation` },
  );
  return await trainOnBatches<SegmentBatch, SegmentInputs>({
    ...{ run, steps, stepsPerEpoch, batchSize, schedule, seed },
    state: new Map([...model.weights(), ...adam.state()]),
    batches: async function* (firstStep) {
      const range = { batchSize, seed, firstStep, lastStep: steps };
      yield* segmentBatches(clips.train, range);
    },
    inputs: ({ indices, values }, step) => {
      const random = seededRandom(seed, "levels", step);
      const levels = indices.map(() =>
        randomInteger(random, 0, lambdas.length - 1)
      );
      return inputsOf(values, clips.train, levels, lambdas.length);
    },
    step: (inputs, rate, noise) =>
      adam.minimize(rate, () => segmentLoss(model, inputs, lambdas, noise)),
    validate: () => validate(model, clips.valid, lambdas.length, pass),
  }, controls);
}

function startFromComponents(
  model: SequentialVae,
  train: Segments,
  lambdas: readonly number[],
): void {
  const indices = Array.from({ length: train.count }, (_, i) => i);
  const start = fitSequentialStart(
    model.shape,
    evenlySpread(indices, FITTED).map(train.view),
    lambdas,
  );
  model.startFrom(start);
  const { mean, local, global } = start;
  tf.dispose([mean, local.components, ...global ? [global.components] : []]);
}

function inputsOf(
  values: Float32Array,
  { frames, side }: Segments,
  levels: readonly number[],
  count: number,
): SegmentInputs {
  const shape = [levels.length, frames, side, side, 3] as const;
  return {
    frames: tf.tensor5d(values, [...shape]),
    level: oneHot(levels, count),
  };
}

/** The loss with noise, and the PSNR of frames from rounded codes. */
function validate(
  model: SequentialVae,
  segments: Segments,
  levels: number,
  pass: (inputs: SegmentInputs) => ReturnType<typeof segmentLoss>,
): Validation {
  const sums = { loss: 0, bpp: 0, mse: 0 };
  const decibels: number[] = [];
  const count = Math.min(VALIDATED, segments.count);
  for (let i = 0; i < count; i++) {
    const segment = segments.view(Math.floor(i * segments.count / count));
    const level = i % levels;
    const values = Float32Array.from(segment, (value) => value / 255);
    const inputs = inputsOf(values, segments, [level], levels);
    const losses = readScalars(pass(inputs)) as typeof sums;
    tf.dispose(Object.values(inputs));
    for (const name of ["loss", "bpp", "mse"] as const) {
      sums[name] += losses[name] / count;
    }
    const { codes } = encodeSegment(model, segment, level);
    decibels.push(finiteDb(psnr(synthesise(model, codes), segment)));
  }
  return {
    validLoss: sums.loss,
    validPsnrDb: mean(decibels),
    parts: { bpp: sums.bpp, mse: sums.mse },
  };
}
