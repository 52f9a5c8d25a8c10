/**
 * Section *data*: what the photo set holds, as counts, sizes, example pairs
 * and the statistics of its channels.
 *
 * @module
 */

import {
  channelStatistics,
  type Pairs,
  type Split,
  splits,
} from "@/datasets/mod.ts";
import { imageSize } from "@/images/mod.ts";
import { dataFigures } from "./figures.ts";
import type {
  DataMetrics,
  DataResult,
  DataSettings,
  SplitSummary,
} from "./types.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { prepareData, type SectionData } from "@/experiment/prepare_data.ts";
import { originals } from "@/training/mod.ts";
import { resultHead } from "@/experiment/environment.ts";
import type { Profile, Section, SectionContext } from "@/experiment/types.ts";
import { samplePairs } from "@/experiment/samples.ts";

/** Values of each channel that the histogram is drawn from. */
const HISTOGRAM_VALUES = 2000;

/** Pairs to train on in each profile; 800 as in the write-up. */
export const TRAIN_PAIRS: Readonly<Record<Profile, number>> = {
  quick: 128,
  full: 800,
};

/** The section. */
export const data: Section<DataSettings, DataMetrics> = {
  name: "data",
  title: "What the photo set holds",
  settings: settingsOf,
  run,
  figures: dataFigures,
};

function settingsOf(profile: Profile): DataSettings {
  return {
    highSize: 344,
    mediumSize: 172,
    trainPairs: TRAIN_PAIRS[profile],
  };
}

async function run(
  context: SectionContext,
): Promise<DataResult> {
  const settings = settingsOf(context.profile);
  const { trainPairs, highSize } = settings;
  const data = await prepareData(context, { trainPairs, highSize });
  const { pairs } = data;
  const samples = samplePairs(pairs);
  await writeStrip(`${context.folder}/high.webp`, originals(samples, "high"));
  await writeStrip(
    `${context.folder}/medium.webp`,
    originals(samples, "medium"),
  );
  return {
    ...resultHead("data", settings, data),
    history: [],
    metrics: {
      splits: await summariseSplits(data),
      channels: {
        high: channelStatistics(pairs.train, "high"),
        medium: channelStatistics(pairs.train, "medium"),
      },
      values: sampleValues(pairs.train),
      examples: samples.names,
      skipped: pairs.skipped,
    },
  };
}

async function summariseSplits(
  { set, pairs }: SectionData,
): Promise<Record<Split, SplitSummary>> {
  const entries = await Promise.all(splits.map(async (split) => {
    const photos = set.photos.filter((photo) => photo.split === split);
    const sizes: [number, number][] = await Promise.all(
      photos.map(async ({ path }) => {
        const { width, height } = await imageSize(path);
        return [width, height];
      }),
    );
    sizes.sort((a, b) => a[0] * a[1] - b[0] * b[1]);
    const summary: SplitSummary = {
      photos: photos.length,
      pairs: pairs[split].count,
      smallest: sizes[0] ?? [0, 0],
      largest: sizes.at(-1) ?? [0, 0],
    };
    return [split, summary] as const;
  }));
  return Object.fromEntries(entries) as Record<Split, SplitSummary>;
}

/** Values spread over all images, for the histogram. */
function sampleValues(pairs: Pairs): DataMetrics["values"] {
  const values = { red: [], green: [], blue: [] } as Record<string, number[]>;
  const pixels = pairs.mediumSize ** 2;
  const perImage = Math.max(1, Math.ceil(HISTOGRAM_VALUES / pairs.count));
  // A stride without a common factor with the side visits all columns.
  const stride = Math.floor(pixels / perImage) | 1;
  for (let i = 0; i < pairs.count; i++) {
    const image = pairs.medium(i);
    for (let j = 0; j < perImage; j++) {
      const at = (j * stride + i * 7919) % pixels * 3;
      values["red"]!.push(image[at]!);
      values["green"]!.push(image[at + 1]!);
      values["blue"]!.push(image[at + 2]!);
    }
  }
  return values as DataMetrics["values"];
}
