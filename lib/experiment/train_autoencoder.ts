/**
 * Trains one autoencoder on one size of the pairs; shared by the sections.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { photoGrid } from "@/charts/mod.ts";
import {
  batchOrder,
  type Pairs,
  type PairSize,
  prefetchBatches,
  type PreparedPairs,
} from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import type { Autoencoder } from "@/models/mod.ts";
import { compile, sumOverWorkers, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  isWriter,
  learningRate,
  type ScheduleSettings,
  train,
  workerShare,
} from "@/training/mod.ts";
import { evenlySpread } from "./evenly_spread.ts";
import { finiteDb, originals, reconstruct, tensors } from "./reconstruct.ts";
import { readStrip, writeStrip } from "./photo_strip.ts";
import type { DatasetSummary, RunRecord, SectionContext } from "./section.ts";

/** How an autoencoder is trained. */
export interface AutoencoderTraining {
  /** Name of the run, for its folder and the charts. */
  readonly run: string;
  /** Which image of each pair. */
  readonly size: PairSize;
  /** Times that all pairs are seen. */
  readonly epochs: number;
  /** Images a step, of each worker. */
  readonly batchSize: number;
  /** The learning rate over the run. */
  readonly schedule: ScheduleSettings;
}

/** A trained autoencoder's run. */
export interface AutoencoderRun {
  /** Losses. */
  readonly history: readonly RunRecord[];
  /** Test photos out of the network after the first epoch. */
  readonly firstEpoch: readonly Pixels[];
  /** The same photos at the end. */
  readonly lastEpoch: readonly Pixels[];
}

/** Photos in a figure of reconstructions. */
export const SAMPLES = 6;

/**
 * Trains a model with mean squared error and Adam, or goes on where it
 * stopped, or loads what is finished.
 *
 * @param model Its weights are changed.
 * @param identity All that decides the run, beside `training` and the seed.
 * @param training How it is trained.
 * @param pairs What it is trained on.
 * @param dataset The pairs' photos.
 * @param context What the section was given.
 */
export async function trainAutoencoder(
  model: Autoencoder,
  identity: unknown,
  training: AutoencoderTraining,
  pairs: PreparedPairs,
  dataset: DatasetSummary,
  context: SectionContext,
): Promise<AutoencoderRun> {
  const { run, size, epochs, schedule } = training;
  const share = workerShare();
  const batchSize = training.batchSize * share.count;
  const { seed, controls } = context;
  const stepsPerEpoch =
    batchOrder(pairs.train.count, batchSize, seed, 1).length;
  const steps = Math.min(epochs * stepsPerEpoch, context.steps ?? Infinity);
  // Two workers with batches of 8 do what one with batches of 16 does.
  const whole = { ...training, batchSize };
  const id = fingerprint([identity, whole, dataset, seed, steps]);
  const folder = runFolder(context, run, id);
  const weights = model.weights();
  const adam = new Adam(weights);
  const step = compile(
    (images: tf.Tensor4D, rate: tf.Scalar) =>
      adam.minimize(rate, () => ({
        loss: model.decode(model.encode(images)).sub(images).square()
          .mean() as tf.Scalar,
      })).loss,
    { name: `${run} step` },
  );
  const pass = compile(
    (images: tf.Tensor4D) => model.decode(model.encode(images)),
    { name: `${run} reconstruction` },
  );
  const samples = samplePairs(pairs);
  const strip = `${folder}/first_epoch.webp`;
  const history: RunRecord[] = [];
  try {
    await train({
      phase: `Training ${size} (${run})`,
      folder,
      run: id,
      steps,
      stepsPerEpoch,
      batchSize,
      state: new Map([...weights, ...adam.state()]),
      batches: (firstStep) =>
        prefetchBatches(pairs.train, {
          batchSize,
          share,
          seed,
          sizes: [size],
          firstStep,
          lastStep: steps,
        }),
      step: (batch, number) => {
        const n = batch.indices.length;
        const shape = [n, ...model.imageShape] as [number, 3, 3, 3];
        const images = tf.tensor4d(batch[size], shape);
        const rate = tf.scalar(learningRate(number, steps, schedule));
        const loss = step(images, rate);
        const value = loss.dataSync()[0]!;
        tf.dispose([images, rate, loss]);
        return { loss: value };
      },
      validate: () => validate(pairs, size, pass),
      onEpoch: async (epoch) => {
        const photos = reconstruct(samples, size, pass);
        if (epoch === 1 && isWriter()) await writeStrip(strip, photos);
        return await showPhotos(
          context,
          run,
          epoch,
          originals(samples, size),
          photos,
        );
      },
    }, {
      ...controls,
      onRecord: (record) => {
        const named = { run, ...record };
        history.push(named);
        controls.onRecord?.(named);
      },
    });
    const lastEpoch = reconstruct(samples, size, pass);
    // Only worker 0 has kept the photos of the first epoch, and shows them.
    const firstEpoch = isWriter() ? await readStrip(strip) : lastEpoch;
    return { history, firstEpoch, lastEpoch };
  } finally {
    step.dispose();
    pass.dispose();
    adam.dispose();
  }
}

/**
 * The test photos that figures show, evenly spread; of each the first pair.
 *
 * @param pairs All pairs.
 * @param most How many, where there are as many.
 */
export function samplePairs(
  pairs: PreparedPairs,
  most: number = SAMPLES,
): Pairs {
  const { test } = pairs;
  const firsts = [...new Set(test.names)].map((name) =>
    test.names.indexOf(name)
  );
  const indices = evenlySpread(firsts, most);
  return {
    split: test.split,
    count: indices.length,
    names: indices.map((i) => test.names[i]!),
    highSize: test.highSize,
    mediumSize: test.mediumSize,
    high: (i) => test.high(indices[i]!),
    medium: (i) => test.medium(indices[i]!),
  };
}

/**
 * Of something for each test photo, such as its reconstruction, what belongs
 * to the photos of {@linkcode samplePairs}.
 *
 * @param pairs The pairs.
 * @param photos One for each test pair, in their order.
 * @param most As for {@linkcode samplePairs}.
 */
export function samplePhotos<Photo>(
  pairs: PreparedPairs,
  photos: readonly Photo[],
  most: number = SAMPLES,
): Photo[] {
  return samplePairs(pairs, most).names
    .map((name) => photos[pairs.test.names.indexOf(name)]!);
}

/** Measures on the validation pairs, of which each worker takes some. */
async function validate(
  pairs: PreparedPairs,
  size: PairSize,
  pass: (images: tf.Tensor4D) => tf.Tensor4D,
): Promise<{ validLoss: number; validPsnrDb: number }> {
  let losses = 0, decibels = 0, photos = 0;
  for (const images of tensors(pairs.valid, size, 1, workerShare())) {
    tf.tidy(() => {
      const result = pass(images);
      for (
        const loss of result.sub(images).square().mean([1, 2, 3]).dataSync()
      ) losses += loss;
      // Of 8-bit pixels, as it is reported.
      const errors = result.clipByValue(0, 1).mul(255).round()
        .sub(images.mul(255)).square().mean([1, 2, 3]).dataSync();
      for (const mse of errors) {
        decibels += finiteDb(10 * Math.log10(255 ** 2 / mse));
      }
    });
    photos += images.shape[0];
    images.dispose();
  }
  const [loss, psnr, count] = await sumOverWorkers([losses, decibels, photos]);
  return { validLoss: loss! / count!, validPsnrDb: psnr! / count! };
}

async function showPhotos(
  { controls }: SectionContext,
  run: string,
  epoch: number,
  before: readonly Pixels[],
  after: readonly Pixels[],
): Promise<Uint8Array | undefined> {
  const { onPhotos, tensorBoard = false } = controls;
  if (onPhotos === undefined && !tensorBoard) return;
  const bytes = await photoGrid({
    rows: [
      { label: "Original", photos: before },
      { label: `Epoch ${epoch}`, photos: after },
    ],
    format: "jpeg",
  });
  onPhotos?.(bytes, `Photos out of ${run} after epoch ${epoch}`);
  return bytes;
}

/**
 * The folder of a training run, beside the sections' folders: a section that
 * needs what another has trained finds it there.
 *
 * @param run The run's name.
 * @param id Changes with anything that changes the run.
 */
export function runFolder(
  { folder }: SectionContext,
  run: string,
  id: string,
): string {
  return join(dirname(folder), "runs", `${slug(run)}-${id.slice(0, 12)}`);
}

/** 64 hexadecimal digits that change with anything in a value. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
}
