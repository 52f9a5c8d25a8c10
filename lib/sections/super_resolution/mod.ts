/**
 * Section *super-resolution*: the write-up's next step, a network that makes
 * the high image from the medium image, from the stored code of the high one,
 * or from both. It is compared with interpolation of the medium image and with
 * the high network's own decoder of the code.
 *
 * @module
 */

import { resultHead } from "@/experiment/environment.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { publishStrips } from "@/experiment/publish_strips.ts";
import { samplePairs } from "@/experiment/samples.ts";
import type { Profile, Section, SectionContext } from "@/experiment/types.ts";
import { storedBytes } from "@/models/mod.ts";
import { autoencoderSettings } from "@/sections/autoencoders/mod.ts";
import { originals } from "@/training/mod.ts";
import { superResolutionFigures } from "./figures.ts";
import { runEnlargers, writeShown } from "./runs.ts";
import {
  type SuperResolutionMetrics,
  type SuperResolutionResult,
  type SuperResolutionSettings,
  wayInput,
  wayStrip,
} from "./types.ts";

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
    epochs: quick ? 3 : 20,
    batchSize: 8,
    windowSize: 96,
    schedule: { peak: 2e-3, warmUpSteps: 20 },
    detailWeight: 0,
  };
  return {
    high: autoencoderSettings("high", profile),
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
 * Does the section's work with any settings.
 *
 * @param chosen The settings.
 * @param context What the section was given.
 */
export async function runSuperResolution(
  chosen: SuperResolutionSettings,
  context: SectionContext,
): Promise<SuperResolutionResult> {
  const { high: { trainPairs, side, residual, latentChannels }, shown } =
    chosen;
  const { folder } = context;
  const data = await prepareData(context, { trainPairs, highSize: side });
  const { test } = data.pairs;
  const ways = await runEnlargers(chosen, data);
  await writeShown(
    (part) => `${folder}/${wayStrip("original", part)}`,
    originals(test, "high"),
    data,
    shown,
  );
  await publishStrips(
    folder,
    ways.flatMap(({ way, folder }) =>
      (["photos", "details"] as const)
        .map((part) => [`${folder}/${part}.webp`, wayStrip(way, part)] as const)
    ),
  );
  const codeSide = side / residual.patch;
  const code = storedBytes([codeSide, codeSide, latentChannels]);
  const medium = test.mediumSize ** 2 * 3;
  const bytes = { "medium image": medium, code, both: medium + code };
  return {
    ...resultHead("super_resolution", chosen, data),
    history: ways.flatMap(({ history }) => history),
    metrics: {
      ways: ways.map(({ way, found }) => ({
        way,
        storedBytes: bytes[wayInput(way)],
        ...found,
      })),
      examples: samplePairs(data.pairs, shown.count).names,
    },
  };
}
