/**
 * Section *ablation 32x32*: the write-up's whole chain on images of 32x32 and
 * 16x16, which it left open and where many runs are cheap. Fully connected,
 * convolutional and variational networks, feature capture, the five fixes, and
 * one code for both images, each with several seeds.
 *
 * The images show what the large ones show: a crop is a square of a photo of
 * any size, scaled down, and the centre of a photo is the same square for
 * both sizes.
 *
 * @module
 */

import { channelStatistics } from "@/datasets/mod.ts";
import { resultHead } from "@/experiment/environment.ts";
import { meanPsnr } from "@/experiment/measure.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { prepareData, type SectionData } from "@/experiment/prepare_data.ts";
import { publishStrips } from "@/experiment/publish_strips.ts";
import { samplePairs } from "@/experiment/samples.ts";
import type { Profile, Section, SectionContext } from "@/experiment/types.ts";
import { denseSize } from "@/models/mod.ts";
import { pcaFloor } from "@/sections/feature_capture/pca_floor.ts";
import { originals } from "@/training/mod.ts";
import { ablationFigures } from "./figures.ts";
import { codeLength, denseShape } from "./networks.ts";
import { runAblation } from "./runs.ts";
import {
  type AblationFloor,
  ablationKinds,
  type AblationMetrics,
  type AblationNetworks,
  type AblationResult,
  type AblationSettings,
  ablationStrip,
  ablationWays,
  type FloorKind,
  keptImages,
} from "./types.ts";

/** The section. */
export const ablation: Section<AblationSettings, AblationMetrics> = {
  name: "ablation_32x32",
  title: "The whole chain at 32 × 32, for three kinds of networks",
  settings,
  run: (context) => runAblationSection(settings(context.profile), context),
  figures: ablationFigures,
};

function settings(profile: Profile): AblationSettings {
  const quick = profile === "quick";
  const networks: AblationNetworks = {
    high: { side: 32, widths: [16, 32, 32], hidden: [256] },
    medium: { side: 16, widths: [16, 32], hidden: [256] },
    latentChannels: 8,
  };
  const fullCode = 43 * 43 * networks.latentChannels;
  return {
    networks,
    trainPairs: quick ? 640 : 3200,
    testPairs: quick ? 8 : 32,
    kinds: ablationKinds,
    ways: ablationWays,
    seeds: quick ? 1 : 5,
    denseUnits: codeLength(networks),
    training: {
      steps: quick ? 64 : 500,
      batchSize: 16,
      schedule: { peak: 2e-3, warmUpSteps: 10 },
    },
    beta: 1e-2,
    mediumWeight: 1,
    mapEvery: 1,
    floors: quick ? ["patches"] : ["patches", "whole images"],
    denseShapes: [
      denseShape(networks, "medium"),
      denseShape(networks, "high"),
      { size: 172, hidden: [], units: fullCode },
      { size: 172, hidden: [4096], units: fullCode },
      { size: 344, hidden: [], units: fullCode },
      { size: 344, hidden: [4096], units: fullCode },
    ],
  };
}

/**
 * Does the section's work with any settings.
 *
 * @param chosen The settings.
 * @param context What the section was given.
 */
export async function runAblationSection(
  chosen: AblationSettings,
  context: SectionContext,
): Promise<AblationResult> {
  const { networks, trainPairs, testPairs } = chosen;
  const { folder } = context;
  const { side: highSize } = networks.high;
  const pairs = { trainPairs, testPairs, highSize };
  const data = await prepareData(context, pairs);
  const rows = await runAblation(chosen, data);
  const floors: AblationFloor[] = [];
  for (const of of chosen.floors) {
    context.controls.signal?.throwIfAborted();
    floors.push(await measureFloor(of, chosen, data));
  }
  const examples = samplePairs(data.pairs);
  for (const size of ["high", "medium"] as const) {
    const photos = originals(examples, size);
    await writeStrip(`${folder}/original_${size}.png`, photos);
  }
  await publishStrips(
    folder,
    rows.flatMap(({ kind, way, first }) =>
      keptImages(way).map((images) => ablationStrip(kind, way, images))
        .map((name) => [`${first.folder}/${name}`, name] as const)
    ),
  );
  return {
    ...resultHead("ablation_32x32", chosen, data),
    // The epochs of each way's first seed: all steps of all runs are too many.
    history: rows.flatMap(({ first }) =>
      first.history.filter(({ kind }) => kind === "epoch")
    ),
    metrics: {
      rows: rows.map(({ kind, way, runs }) => ({ kind, way, runs })),
      floors,
      flatDb: flatDb(data),
      dense: chosen.denseShapes.map((shape) => ({
        ...shape,
        ...denseSize(shape),
      })),
      examples: examples.names,
    },
  };
}

async function measureFloor(
  of: FloorKind,
  { networks, mapEvery }: AblationSettings,
  data: SectionData,
): Promise<AblationFloor> {
  const whole = of === "whole images";
  const { latentChannels } = networks;
  const patches = (size: "medium" | "high") => {
    const { side, widths } = networks[size];
    return { size, residual: { patch: whole ? side : 2 ** widths.length } };
  };
  const channels = whole ? codeLength(networks) : latentChannels;
  return {
    of,
    ...await pcaFloor(
      data,
      { medium: patches("medium"), high: patches("high") },
      channels,
      mapEvery,
    ),
  };
}

/** The PSNR in dB of one colour in place of all images. */
function flatDb({ pairs: { train, test } }: SectionData): number {
  const colour = channelStatistics(train, "medium").mean
    .map((value) => Math.round(value * 255));
  const images = originals(test, "medium");
  const flat = images.map((image) => ({
    ...image,
    data: image.data.map((_, i) => colour[i % 3]!),
  }));
  return meanPsnr(flat, images);
}
