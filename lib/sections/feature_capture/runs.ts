/**
 * A medium and a high network that were trained apart: what the medium decoder
 * makes of the high code, how much two networks of one size differ, and what
 * changes when both are trained further.
 *
 * @module
 */

import { readThroughMap } from "@/experiment/linear_maps.ts";
import { meanPsnr, measureCodes, ownImages } from "@/experiment/measure.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { sectionRun } from "@/experiment/run_grid.ts";
import { writeSamples } from "@/experiment/samples.ts";
import type { Pixels } from "@/images/mod.ts";
import { type Autoencoder, prefixed, squaredError } from "@/models/mod.ts";
import { trainedNetwork } from "@/sections/autoencoders/networks.ts";
import type { NetworkKind } from "@/sections/autoencoders/types.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  originals,
  pairTensors,
  reconstruct,
  type RunRecord,
  stepsPerPass,
  trainOnPairs,
  validateImages,
  workerShare,
} from "@/training/mod.ts";
import { captureStrip, type CaptureWay } from "./figures.ts";
import type {
  CaptureRow,
  FeatureCaptureMetrics,
  FeatureCaptureSettings,
} from "./types.ts";

/** A network of each size. */
export interface BothModels {
  /** Of medium images. */
  readonly medium: Autoencoder;
  /** Of high images. */
  readonly high: Autoencoder;
}

/**
 * Measures what the medium decoder makes of the high code, on the test photos,
 * and keeps a few of its images.
 *
 * @param kind Which networks.
 * @param models The networks.
 * @param data The photos.
 * @returns A row of the result.
 */
export async function measureCapture(
  kind: NetworkKind,
  { medium, high }: BothModels,
  data: SectionData,
): Promise<CaptureRow> {
  const { test } = data.pairs;
  const { mapped, ...relation } = readThroughMap(data, high, medium);
  const codes = await measureCodes(test, { high, medium });
  const own = ownImages(test, "medium", medium);
  const keep = (way: CaptureWay, photos: readonly Pixels[]) =>
    writeSamples(
      `${data.folder}/${captureStrip(kind, way)}`,
      photos,
      data.pairs,
    );
  await keep("own", own);
  await keep("scaled_down", codes.scaledDown);
  await keep("as_is", codes.fromHigh);
  await keep("mapped", mapped);
  return {
    kind,
    mediumOwnDb: meanPsnr(own, originals(test, "medium")),
    highScaledDownDb: codes.scores.highScaledDownDb,
    asIsDb: codes.scores.mediumFromHighDb,
    ...relation,
  };
}

/**
 * Compares a medium network with one that differs only in its seed.
 *
 * @param medium The network; its decoder is used.
 * @param settings How both are trained.
 * @param data What they are trained and measured on.
 * @returns A part of the result.
 */
export async function measureTwins(
  medium: Autoencoder,
  settings: FeatureCaptureSettings,
  data: SectionData,
): Promise<FeatureCaptureMetrics["twins"]> {
  const next = { ...data, seed: data.seed + 1 };
  const run = await trainedNetwork("convolutional", settings.medium, next);
  using other = run.model;
  const { test } = data.pairs;
  const images = originals(test, "medium");
  const { mapped: _, ...relation } = readThroughMap(data, other, medium);
  const quality = (through: (x: tf.Tensor4D) => tf.Tensor4D) =>
    meanPsnr(reconstruct(test, "medium", through), images);
  return {
    ownDb: quality((x) => medium.decode(medium.encode(x))),
    asIsDb: quality((x) => medium.decode(other.encode(x))),
    ...relation,
  };
}

/** The run's name, for its folder and the charts. */
const TRAINED_APART = "trained on apart";

/**
 * Trains both networks further, each on its own images, and watches what the
 * medium decoder makes of the high code meanwhile.
 *
 * @param models Their weights are changed.
 * @param settings The section's settings.
 * @param data What they are trained on.
 * @returns Losses, with those of both networks and of the medium decoder on
 * the high code as parts, and what was reached on the validation split.
 */
export async function trainApart(
  { medium, high }: BothModels,
  settings: FeatureCaptureSettings,
  data: SectionData,
): Promise<{
  history: readonly RunRecord[];
  trainedOn: FeatureCaptureMetrics["trainedOn"];
}> {
  const { epochs, batchSize, learningRate } = settings.trainOn;
  const { train, valid } = data.pairs;
  const all = batchSize * workerShare().count;
  const steps = Math.min(
    epochs * stepsPerPass(train, all),
    data.steps ?? Infinity,
  );
  const whole = {
    ...settings,
    trainOn: { ...settings.trainOn, batchSize: all },
  };
  const weights = new Map([
    ...prefixed("medium", medium.weights()),
    ...prefixed("high", high.weights()),
  ]);
  using adam = new Adam(weights);
  using through = compile(
    (large: tf.Tensor4D) => medium.decode(high.encode(large)),
    { name: `${TRAINED_APART} validation` },
  );
  const history = await trainOnPairs(train, {
    run: sectionRun(data, TRAINED_APART, [
      whole,
      data.summary,
      data.seed,
      steps,
    ]),
    length: { steps },
    batchSize,
    schedule: { peak: learningRate, warmUpSteps: 0, floor: 1 },
    seed: data.seed,
    state: new Map([...weights, ...adam.state()]),
    inputs: pairTensors,
    step: ({ high: large, medium: small }, rate) => {
      const losses = adam.minimize(rate, () => {
        const ofMedium = squaredError(
          medium.decode(medium.encode(small)),
          small,
        );
        const ofHigh = squaredError(high.decode(high.encode(large)), large);
        const loss = ofMedium.add(ofHigh) as tf.Scalar;
        return { loss, medium: ofMedium, high: ofHigh };
      });
      const cross = squaredError(medium.decode(high.encode(large)), small);
      return { ...losses, cross };
    },
    validate: () => validateImages(valid, "high", "medium", through),
  }, data.controls);
  const ends = history.flatMap((record) =>
    record.kind === "epoch" ? [record.validPsnrDb] : []
  );
  return {
    history,
    trainedOn: { steps, firstDb: ends[0]!, lastDb: ends.at(-1)! },
  };
}
