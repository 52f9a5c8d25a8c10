/**
 * Section *super-resolution*: the write-up's next step, a network that makes
 * the high image. What it has at hand is the medium image, or the stored code
 * of the high one, or both; it is compared with interpolation of the medium
 * image and with the high network's own decoder of the code.
 *
 * @module
 */

import { isWriter, originals } from "@/training/mod.ts";
import { highTraining } from "@/sections/autoencoders/mod.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { resultHead } from "@/experiment/environment.ts";
import type {
  Profile,
  Section,
  SectionContext,
  SectionResult,
} from "@/experiment/types.ts";
import { storedBytes } from "@/models/mod.ts";
import { samplePairs } from "@/experiment/samples.ts";
import { superResolutionFigures } from "./figures.ts";
import { type EnlargingName, wayNeeds, wayStrip } from "./names.ts";
import {
  type EnlargedFound,
  runWays,
  type SuperResolutionSettings,
} from "./runs.ts";
import { writeShown } from "./strips.ts";

/** A way to the high image; qualities are means over the test photos. */
export interface EnlargedRow extends EnlargedFound {
  /** Which way. */
  readonly way: EnlargingName;
  /** Bytes that it has at hand, at 8 bits a number. */
  readonly storedBytes: number;
}

/** What the section finds. */
export interface SuperResolutionMetrics {
  /** In the order of tables. */
  readonly ways: readonly EnlargedRow[];
  /** Photos of the figures. */
  readonly examples: readonly string[];
}

/** The section. */
export const superResolution: Section<
  SuperResolutionSettings,
  SuperResolutionMetrics
> = {
  name: "super_resolution",
  title: "The high image from the medium one, or from the code",
  settings,
  run: (context) => runSuperResolution(settings(context.profile), context),
  figures: superResolutionFigures,
};

function settings(profile: Profile): SuperResolutionSettings {
  const quick = profile === "quick";
  const training = {
    epochs: quick ? 5 : 20,
    batchSize: 8,
    windowSize: 96,
    schedule: { peak: 2e-3, warmUpSteps: 20 },
    detailWeight: 0,
  };
  return {
    high: highTraining.settings(profile),
    network: { width: 32, blocks: 4, interpolation: "lanczos3" },
    training,
    sharper: {
      ...training,
      epochs: quick ? 1 : 4,
      schedule: { peak: 5e-4, warmUpSteps: 5 },
      detailWeight: 3,
    },
    codeDecoder: {
      width: 96,
      blocks: 4,
      training: {
        ...training,
        epochs: quick ? 2 : 12,
        batchSize: 16,
        windowSize: 176,
        schedule: { peak: 1e-3, warmUpSteps: 20 },
      },
    },
    shown: { count: 4, side: 100 },
  };
}

/**
 * Does the section's work with other settings than a profile's.
 *
 * @param chosen The settings.
 * @param context What the section was given.
 */
export async function runSuperResolution(
  chosen: SuperResolutionSettings,
  context: SectionContext,
): Promise<SectionResult<SuperResolutionSettings, SuperResolutionMetrics>> {
  const data = await prepareData(context, chosen.high.trainPairs);
  const { test, train } = data.pairs;
  const ways = await runWays(chosen, data, context);
  const { folder } = context;
  await writeShown(
    (part) => `${folder}/${wayStrip("original", part)}`,
    originals(test, "high"),
    data,
    chosen.shown,
  );
  const { high: { side, residual, latentChannels } } = chosen;
  const codeSide = side / residual.patch;
  const bytes = {
    "medium image": train.mediumSize ** 2 * 3,
    code: storedBytes([codeSide, codeSide, latentChannels]),
  };
  // Only worker 0 has the photos of runs that were finished before.
  for (const { way, folder: from } of isWriter() ? ways : []) {
    for (const part of ["photos", "details"] as const) {
      const to = `${folder}/${wayStrip(way, part)}`;
      await Deno.copyFile(`${from}/${part}.webp`, to);
    }
  }
  return {
    ...resultHead("super_resolution", chosen, data),
    history: ways.flatMap(({ history }) => history),
    metrics: {
      ways: ways.map(({ way, found }) => {
        const needs = wayNeeds(way);
        const storedBytes = needs === "both"
          ? bytes["medium image"] + bytes.code
          : bytes[needs];
        return { way, storedBytes, ...found };
      }),
      examples: samplePairs(data.pairs, chosen.shown.count).names,
    },
  };
}
