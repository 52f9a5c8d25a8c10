/**
 * What decides section *data*, and what it finds.
 *
 * @module
 */

import type { SectionResult } from "@/experiment/types.ts";
import type { ChannelStatistics, Split } from "@/datasets/mod.ts";

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
  /** Number of photos. */
  readonly photos: number;
  /** Number of pairs cut from them. */
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
  /** A sample of the values of each channel of the medium train images. */
  readonly values: Readonly<Record<"red" | "green" | "blue", number[]>>;
  /** Photos of the figure. */
  readonly examples: readonly string[];
  /** Files that are not used, and why. */
  readonly skipped: readonly {
    readonly file: string;
    readonly reason: string;
  }[];
}

/** The result of the section. */
export type DataResult = SectionResult<DataSettings, DataMetrics>;
