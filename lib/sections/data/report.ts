/**
 * What the notebook on the data says in numbers.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
import { count } from "@/experiment/number_words.ts";
import type { DataMetrics, DataResult } from "./types.ts";

/**
 * Lists the photos and pairs of each split.
 *
 * @param result Of the section.
 */
export function splitsTable({ dataset, profile, metrics }: DataResult): Table {
  const caption = `Photo set "${dataset.name}", profile ${profile}`;
  return makeTable(caption, Object.entries(metrics.splits), [
    ["Split", ([split]) => split],
    ["Photos", ([, { photos }]) => photos],
    ["Pairs", ([, { pairs }]) => pairs],
    ["Smallest photo", ([, { smallest }]) => smallest.join(" × ")],
    ["Largest photo", ([, { largest }]) => largest.join(" × ")],
  ]);
}

/**
 * Describes how many pairs come from how many photos.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeSplits({ splits, skipped }: DataMetrics): string {
  const { train, test } = splits;
  return `Each training photo gives about ${count(train.pairs / train.photos)}
pairs. This is a small set: ${count(test.photos)} test photos determine every
quality in the later notebooks. Files skipped: ${skipped.length}.`;
}

/**
 * Lists mean and deviation of each colour channel.
 *
 * @param metrics Of the section.
 */
export function channelsTable(
  { channels: { high, medium } }: DataMetrics,
): Table {
  const channels = ["red", "green", "blue"];
  return makeTable("Values of the training images, 0 to 1", [0, 1, 2], [
    ["Channel", (i) => channels[i]],
    ["High: mean", (i) => high.mean[i], 4],
    ["Medium: mean", (i) => medium.mean[i], 4],
    ["High: deviation", (i) => high.std[i], 4],
    ["Medium: deviation", (i) => medium.std[i], 4],
  ]);
}

/**
 * Describes what standardising the images would change.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeChannels(
  { channels: { high, medium } }: DataMetrics,
): string {
  const largest = (a: readonly number[], b: readonly number[]) =>
    Math.max(...a.map((value, i) => Math.abs(value - b[i]!))).toPrecision(1);
  const range = (values: readonly number[]) =>
    [Math.min(...values), Math.max(...values)]
      .map((value) => value.toFixed(2)).join(" to ");
  return `Scaling down keeps the mean and removes the finest detail: the means
of high and medium images differ by at most ${largest(high.mean, medium.mean)},
their deviations by at most ${largest(high.std, medium.std)}.

Standardising would move the means, now ${range(medium.mean)}, to 0, and bring
the deviations, now ${range(medium.std)}, to 1. It would do almost the same to
both sizes. So the images give little reason to expect that standardising makes
their *codes* alike, which is what the fix was meant for; it can make training
faster.`;
}
