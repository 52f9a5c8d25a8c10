/**
 * Section *feature capture*: the medium decoder on the code of the high
 * encoder. The write-up saw it fail; here is by how much, and why.
 *
 *     high image ▶ high encoder ▶ z ▶ high decoder ▶ scaled down  ┐
 *                                 ├─▶ medium decoder, unchanged z ├ against
 *                                 └─▶ linear map ▶ medium decoder ┘ medium image
 *
 * @module
 */

import { resultHead } from "@/experiment/environment.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { samplePairs } from "@/experiment/samples.ts";
import type { Profile, Section, SectionContext } from "@/experiment/types.ts";
import { autoencoderSettings } from "@/sections/autoencoders/mod.ts";
import { trainedNetwork } from "@/sections/autoencoders/networks.ts";
import type { NetworkKind } from "@/sections/autoencoders/types.ts";
import { originals, type RunRecord } from "@/training/mod.ts";
import { featureCaptureFigures } from "./figures.ts";
import { pcaFloor } from "./pca_floor.ts";
import { measureCapture, measureTwins, trainApart } from "./runs.ts";
import type {
  CaptureRow,
  FeatureCaptureMetrics,
  FeatureCaptureResult,
  FeatureCaptureSettings,
  FloorRow,
} from "./types.ts";

const KINDS: readonly NetworkKind[] = ["convolutional", "residual from PCA"];

/** The section. */
export const featureCapture: Section<
  FeatureCaptureSettings,
  FeatureCaptureMetrics
> = {
  name: "feature_capture",
  title: "The medium decoder on the high encoder's code",
  settings: settingsOf,
  run: (context) => runFeatureCapture(settingsOf(context.profile), context),
  figures: featureCaptureFigures,
};

function settingsOf(profile: Profile): FeatureCaptureSettings {
  return {
    medium: autoencoderSettings("medium", profile),
    high: autoencoderSettings("high", profile),
    trainOn: {
      epochs: profile === "quick" ? 1 : 4,
      batchSize: 8,
      learningRate: 5e-4,
    },
    floorChannels: [4, 8, 16],
  };
}

/**
 * Does the section's work with other settings than a profile's.
 *
 * @param settings The settings.
 * @param context What the section was given.
 * @returns The result.
 */
export async function runFeatureCapture(
  settings: FeatureCaptureSettings,
  context: SectionContext,
): Promise<FeatureCaptureResult> {
  const data = await prepareData(context, {
    trainPairs: settings.medium.trainPairs,
    highSize: settings.high.side,
  });
  const examples = samplePairs(data.pairs);
  await writeStrip(
    `${context.folder}/original.webp`,
    originals(examples, "medium"),
  );
  const networks: CaptureRow[] = [];
  let history: readonly RunRecord[] = [];
  let twins: FeatureCaptureMetrics["twins"] | undefined;
  let trainedOn: FeatureCaptureMetrics["trainedOn"] | undefined;
  for (const kind of KINDS) {
    using stack = new DisposableStack();
    const trained = async (size: "medium" | "high") => {
      const { model } = await trainedNetwork(kind, settings[size], data);
      return stack.use(model);
    };
    const models = {
      medium: await trained("medium"),
      high: await trained("high"),
    };
    networks.push(await measureCapture(kind, models, data));
    if (kind === "convolutional") {
      twins = await measureTwins(models.medium, settings, data);
      ({ history, trainedOn } = await trainApart(models, settings, data));
    }
  }
  const floors: FloorRow[] = [];
  for (const channels of settings.floorChannels) {
    floors.push(await pcaFloor(data, settings, channels));
  }
  return {
    ...resultHead("feature_capture", settings, data),
    history,
    metrics: {
      networks,
      twins: twins!,
      trainedOn: trainedOn!,
      floors,
      examples: examples.names,
    },
  };
}
