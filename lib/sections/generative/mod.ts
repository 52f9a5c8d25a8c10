/**
 * Section *generative*: the write-up's next step in the strict sense, networks
 * that make up the detail which a medium image lacks. One is trained against a
 * second network, one draws; beside them what is as close to the original as it
 * gets, and interpolation.
 *
 * @module
 */

import { SharedPairs } from "@/datasets/mod.ts";
import { resultHead } from "@/experiment/environment.ts";
import { prepareData, type SectionData } from "@/experiment/prepare_data.ts";
import { publishStrips } from "@/experiment/publish_strips.ts";
import { samplePairs, somePairs } from "@/experiment/samples.ts";
import type { Profile, Section, SectionContext } from "@/experiment/types.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { sha256Hex } from "@/files/sha256.ts";
import {
  readEnlargingWeights,
  writeEnlargingWeights,
} from "@/models/enlarging/mod.ts";
import { superResolution } from "@/sections/super_resolution/mod.ts";
import { writeShown } from "@/sections/super_resolution/runs.ts";
import { isWriter, originals } from "@/training/mod.ts";
import { generativeFigures } from "./figures.ts";
import { measureOf } from "./measure.ts";
import { runGenerative } from "./runs.ts";
import { runStored } from "./stored.ts";
import {
  type AdversarialSettings,
  type GenerativeMetrics,
  type GenerativeResult,
  type GenerativeSettings,
  generativeStrip,
} from "./types.ts";

/** The section. */
export const generative: Section<GenerativeSettings, GenerativeMetrics> = {
  name: "generative",
  title: "High images with detail that is made up",
  settings,
  run: (context) => runGenerativeSection(settings(context.profile), context),
  figures: generativeFigures,
};

/** Files whose images are about equally good. */
const evenFiles = [10, 30, 50, 70].map((quality) => ({ quality }));

function settings(profile: Profile): GenerativeSettings {
  const quick = profile === "quick";
  const { high, network, training, shown } = superResolution.settings(profile);
  const windowSize = quick ? 64 : 96;
  const adversarial: AdversarialSettings = {
    seeds: quick ? 1 : 3,
    discriminator: { width: 48, normalised: true },
    training: {
      epochs: quick ? 1 : 4,
      batchSize: 4,
      windowSize,
      schedule: { peak: 2e-4, warmUpSteps: 20 },
    },
    judgeRate: 2,
    terms: { adversarial: 1, features: 1, absolute: 30 },
  };
  return {
    trainPairs: high.trainPairs,
    side: high.side,
    ...quick ? { heldOut: 3 } : {},
    network,
    training: quick ? { ...training, epochs: 3, windowSize } : training,
    perception: { patch: 16, splits: quick ? 2 : 8 },
    adversarial,
    unstable: {
      ...adversarial,
      seeds: 1,
      discriminator: { ...adversarial.discriminator, normalised: false },
      training: {
        ...adversarial.training,
        epochs: quick ? 1 : 2,
        schedule: { peak: 2e-3, warmUpSteps: 0 },
      },
      terms: { adversarial: 1, features: 0, absolute: 0 },
    },
    sampling: {
      sampler: { width: 24, innerWidth: 48, blocks: 3 },
      training: {
        epochs: quick ? 2 : 24,
        batchSize: 8,
        windowSize,
        schedule: { peak: 2e-3, warmUpSteps: 50 },
      },
      validateEvery: quick ? 1 : 3,
      steps: quick ? 4 : 10,
      draws: quick ? 2 : 8,
    },
    stored: {
      model: "results/codec/weights.safetensors",
      files: quick
        ? [{ quality: 40 }]
        // The first as small as medium images are beside their high one.
        : [{ quality: 9, coarseness: 3 }, ...evenFiles],
      trainPairs: quick ? 8 : 200,
      training: {
        epochs: quick ? 1 : 20,
        schedule: { peak: 5e-4, warmUpSteps: 20 },
      },
    },
    shown,
  };
}

/** The pairs, of as many photos as are measured. */
async function prepareGenerative(
  { trainPairs, side, heldOut }: GenerativeSettings,
  context: SectionContext,
): Promise<SectionData> {
  const data = await prepareData(context, { trainPairs, highSize: side });
  if (heldOut === undefined) return data;
  const { pairs, summary } = data;
  const [valid, test] = [pairs.valid, pairs.test].map((split) => {
    const some = somePairs(split, heldOut);
    const images = some.names
      .map((_, i) => ({ high: some.high(i), medium: some.medium(i) }));
    return SharedPairs.from(some.split, some.highSize, some.names, images);
  }) as [SharedPairs, SharedPairs];
  const counts = { ...summary.counts, valid: valid.count, test: test.count };
  return {
    ...data,
    pairs: { ...pairs, valid, test },
    summary: { ...summary, counts },
  };
}

/** Name of the file of weights in the section's folder. */
export const ENLARGING_WEIGHTS = "weights.safetensors";

/**
 * Does the section's work with any settings.
 *
 * @param chosen The settings.
 * @param context What the section was given.
 */
export async function runGenerativeSection(
  chosen: GenerativeSettings,
  context: SectionContext,
): Promise<GenerativeResult> {
  const { folder } = context;
  const { shown, network, sampling } = chosen;
  const data = await prepareGenerative(chosen, context);
  const { test } = data.pairs;
  const measure = measureOf(test, chosen.perception);
  const { metrics, history, strips, weights } = await runGenerative({
    settings: chosen,
    data,
    measure,
  });
  await writeShown(
    (part) => `${folder}/${generativeStrip("original", part)}`,
    originals(test, "high"),
    data,
    shown,
  );
  await publishStrips(folder, strips);
  const { sampler, steps } = sampling;
  const bytes = writeEnlargingWeights({ network, sampler, steps }, weights);
  if (isWriter()) await atomicWrite(`${folder}/${ENLARGING_WEIGHTS}`, bytes);
  using networks = readEnlargingWeights(bytes);
  const weightsId = sha256Hex(bytes);
  const { found: stored } = await runStored({
    settings: chosen,
    ...{ data, networks, weightsId, measure },
  });
  const examples = samplePairs(data.pairs, shown.count).names;
  return {
    ...resultHead("generative", chosen, data),
    history,
    metrics: { ...metrics, stored, examples },
  };
}
