/**
 * What the notebook on feature capture says in numbers. (a) is the medium
 * network on its own code, (b) the high image decoded and scaled down.
 *
 * @module
 */

import { makeTable, type Table, type ValueColumn } from "@/charts/table.ts";
import { apart, decibels, percent } from "@/experiment/number_words.ts";
import { mean } from "@/metrics/statistics.ts";
import type { DataMetrics } from "@/sections/data/types.ts";
import type {
  FeatureCaptureMetrics,
  FeatureCaptureResult,
  FloorRow,
} from "./types.ts";

/**
 * Describes the medium decoder on the unchanged high code.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeAsIs({ networks }: FeatureCaptureMetrics): string {
  const lines = networks.map((row) =>
    `- **${row.kind}**: ${decibels(row.asIsDb)},
${apart(row.asIsDb - row.mediumOwnDb)} (a) and
${apart(row.asIsDb - row.highScaledDownDb)} (b).`
  );
  return `The medium decoder on the unchanged high code:\n\n${
    lines.join("\n")
  }`;
}

/**
 * Gives the PSNR of a blank image in the mean colour of the training images.
 *
 * @param data Metrics of the section `data`.
 * @returns In dB.
 */
export function blankImageDb({ channels }: DataMetrics): number {
  return -10 * Math.log10(mean(channels.medium.std.map((std) => std ** 2)));
}

/**
 * Compares feature capture with a blank image.
 *
 * @param metrics Of the section.
 * @param data Metrics of the section `data`.
 * @returns Markdown.
 */
export function compareWithBlank(
  { networks }: FeatureCaptureMetrics,
  data: DataMetrics,
): string {
  const blankDb = blankImageDb(data);
  const worse = networks.filter(({ asIsDb }) => asIsDb < blankDb);
  return `The blank image reaches about ${blankDb.toFixed(1)} dB. Networks whose
feature capture is worse than that:
**${worse.map(({ kind }) => kind).join(", ") || "none"}**.`;
}

/**
 * Describes feature capture while both networks are trained on.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeTrainedOn(
  { history, settings, metrics: { trainedOn } }: FeatureCaptureResult,
): string {
  const { epochs } = settings.trainOn;
  const last = history.flatMap((record) =>
    record.kind === "step" && record.epoch === epochs
      ? [record.parts ?? {}]
      : []
  );
  const part = (name: string) => mean(last.map((parts) => parts[name] ?? 0));
  const [cross, own] = [part("cross"), part("medium")];
  return `In the last of ${epochs} epochs (${trainedOn.steps} steps in all) the
mean squared error of the medium network is ${own.toPrecision(3)} on its own
code and ${cross.toPrecision(3)} on the high code,
**${Math.round(cross / own)} times** as much. On the validation photos feature
capture reaches ${decibels(trainedOn.firstDb)} after the first epoch and
${decibels(trainedOn.lastDb)} after the last.`;
}

/**
 * Lists how pairs of codes are related, and what a linear map repairs.
 *
 * @param metrics Of the section.
 */
export function relationTable(
  { networks, twins }: FeatureCaptureMetrics,
): Table {
  const pairs = [
    ...networks.map((row) => ({
      ...row,
      name: `${row.kind}, high and medium`,
      ownDb: row.mediumOwnDb,
    })),
    { name: "convolutional, medium twins", ...twins },
  ];
  return makeTable("The medium decoder on another network's code", pairs, [
    ["", ({ name }) => name],
    ["Own code (dB)", ({ ownDb }) => ownDb, 2],
    ["Unchanged (dB)", ({ asIsDb }) => asIsDb, 2],
    ["After a linear map (dB)", (row) => row.afterLinearMapDb, 2],
    ["Explained variance", ({ explained }) => explained, 4],
    ["CKA", ({ cka }) => cka, 4],
  ]);
}

/**
 * Describes what the linear map repairs.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeRepair(
  { settings, metrics: { networks } }: FeatureCaptureResult,
): string {
  const lines = networks.map((row) => {
    const gain = row.afterLinearMapDb - row.asIsDb;
    const lost = row.mediumOwnDb - row.asIsDb;
    return `- **${row.kind}**: the map recovers ${gain.toFixed(2)} of the
${decibels(lost)} lost against (a). It explains ${percent(row.explained, 1)} of
the variance. The result is
${apart(row.afterLinearMapDb - row.highScaledDownDb)} (b).`;
  });
  const C = settings.medium.latentChannels;
  return `The map has only ${C} × ${C} + ${C} = ${C * (C + 1)} numbers, the same
at every position of the code:

${lines.join("\n")}`;
}

/**
 * Compares two medium networks from two seeds with the high and medium ones.
 *
 * @param metrics Of the section.
 * @param data Metrics of the section `data`.
 * @returns Markdown.
 */
export function describeTwins(
  { networks, twins }: FeatureCaptureMetrics,
  data: DataMetrics,
): string {
  const convolutional = networks.find(({ kind }) => kind === "convolutional")!;
  return `Unchanged, one twin's decoder reads the other's code at
${twins.asIsDb.toFixed(1)} dB; the blank image has
${blankImageDb(data).toFixed(1)} dB. A linear map explains
${percent(twins.explained, 1)} of the variance, between the high and the medium
code ${percent(convolutional.explained, 1)}. After the map the quality is
${decibels(twins.afterLinearMapDb)}, from the high code
${decibels(convolutional.afterLinearMapDb)}.`;
}

/** The caption of a table of principal components. */
export const FLOORS_CAPTION =
  "Principal components, PSNR in dB, means over the test photos";

/** The columns of such a table after the name of its rows. */
export const floorColumns: readonly ValueColumn<Omit<FloorRow, "channels">>[] =
  [
    ["High image", ({ highDb }) => highDb, 2],
    ["Medium, own code", ({ mediumOwnDb }) => mediumOwnDb, 2],
    ["High, scaled down", ({ highScaledDownDb }) => highScaledDownDb, 2],
    ["High code, unchanged", ({ asIsDb }) => asIsDb, 2],
    ["High code, linear map", ({ linearMapDb }) => linearMapDb, 2],
  ];

/**
 * Lists what principal components reach in place of both networks.
 *
 * @param metrics Of the section.
 */
export function floorsTable({ floors }: FeatureCaptureMetrics): Table {
  return makeTable(FLOORS_CAPTION, floors, [
    ["C", ({ channels }) => `${channels}`],
    ...floorColumns,
  ]);
}

/**
 * Describes what a linear code of the high image is enough for.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeFloors(
  { settings, metrics: { floors, networks } }: FeatureCaptureResult,
): string {
  const lines = floors.map((row) =>
    `- **C = ${row.channels}**: the linear map is
${apart(row.linearMapDb - row.mediumOwnDb)} (a) and
${apart(row.linearMapDb - row.highScaledDownDb)} (b).`
  );
  const C = settings.medium.latentChannels;
  const floor = floors.find(({ channels }) => channels === C)!;
  const captured = networks.map(({ kind, afterLinearMapDb }) =>
    `*${kind}* is ${apart(afterLinearMapDb - floor.linearMapDb)} it`
  );
  return `${lines.join("\n")}

The networks have C = ${C}, where the floor is ${decibels(floor.linearMapDb)}.
Feature capture, repaired by its linear map: ${captured.join("; ")}.`;
}
