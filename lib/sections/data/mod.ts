/**
 * Section *data*: what the photo set holds, as counts, sizes, example pairs
 * and the statistics of its channels.
 *
 * @module
 */

import {
  type ChannelStatistics,
  channelStatistics,
  type Pairs,
  type Split,
  splits,
} from "@/datasets/mod.ts";
import { imageSize } from "@/images/mod.ts";
import { dataFigures } from "./figures.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { prepareData, type SectionData } from "@/experiment/prepare_data.ts";
import { originals } from "@/experiment/reconstruct.ts";
import { resultHead } from "@/experiment/result_head.ts";
import type {
  Profile,
  Section,
  SectionContext,
  SectionResult,
} from "@/experiment/section.ts";
import { samplePairs } from "@/experiment/train_autoencoder.ts";

/** What decides the pairs. */
export interface DataSettings {
  /** Side of the high images. */
  readonly highSize: number;
  /** Side of the medium images. */
  readonly mediumSize: number;
  /** Pairs to train on. */
  readonly trainPairs: number;
}

/** Photos of a split and their sizes in pixels. */
export interface SplitSummary {
  /** Photos. */
  readonly photos: number;
  /** Pairs cut from them. */
  readonly pairs: number;
  /** Width and height of the photo with the fewest pixels. */
  readonly smallest: readonly [number, number];
  /** Width and height of the photo with the most pixels. */
  readonly largest: readonly [number, number];
}

/** What the section finds. */
export interface DataMetrics {
  /** Each split. */
  readonly splits: Readonly<Record<Split, SplitSummary>>;
  /** Mean, deviation and range of each channel of the train pairs, in 0..1. */
  readonly channels: Readonly<Record<"high" | "medium", ChannelStatistics>>;
  /** Every so many-th value of each channel of the medium train images. */
  readonly values: Readonly<Record<"red" | "green" | "blue", number[]>>;
  /** Photos of the figure. */
  readonly examples: readonly string[];
  /** Files that are not used, and why. */
  readonly skipped: readonly {
    readonly file: string;
    readonly reason: string;
  }[];
}

/** Values a channel that the histogram is drawn from. */
const HISTOGRAM_VALUES = 2000;

/** Pairs to train on in each profile; 800 as in the write-up. */
export const TRAIN_PAIRS: Readonly<Record<Profile, number>> = {
  quick: 182,
  full: 800,
};

/** The section. */
export const data: Section<DataSettings, DataMetrics> = {
  name: "data",
  title: "What the photo set holds",
  settings: (profile) => ({
    highSize: 344,
    mediumSize: 172,
    trainPairs: TRAIN_PAIRS[profile],
  }),
  run,
  figures: dataFigures,
};

async function run(
  context: SectionContext,
): Promise<SectionResult<DataSettings, DataMetrics>> {
  const settings = data.settings(context.profile);
  const prepared = await prepareData(
    context,
    settings.trainPairs,
    settings.highSize,
  );
  const { pairs, summary } = prepared;
  const samples = samplePairs(pairs);
  await writeStrip(`${context.folder}/high.webp`, originals(samples, "high"));
  await writeStrip(
    `${context.folder}/medium.webp`,
    originals(samples, "medium"),
  );
  return {
    ...resultHead("data", settings, summary, context),
    history: [],
    metrics: {
      splits: await summariseSplits(prepared),
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
