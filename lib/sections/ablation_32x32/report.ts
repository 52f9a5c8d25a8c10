/**
 * What the notebook on 32x32 images says in numbers: means over the seeds, ±
 * one standard deviation.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import { apart, count, countOf, decibels } from "@/experiment/number_words.ts";
import { deviation, mean } from "@/metrics/statistics.ts";
import type { AttemptedFixesMetrics } from "@/sections/attempted_fixes/types.ts";
import type { FeatureCaptureMetrics } from "@/sections/feature_capture/types.ts";
import {
  carriesOver,
  carryOverTable,
  fullShares,
  rankCorrelation,
  remedies,
  remedyTitle,
  smallShares,
} from "./carry_over.ts";
import { codeLength } from "./networks.ts";
import {
  type AblationKind,
  type AblationMetrics,
  type AblationResult,
  type AblationSettings,
  type AblationSize,
  ablationTitle,
  type AblationWay,
} from "./types.ts";

/**
 * Describes the runs' common training.
 *
 * @param settings Of the section.
 * @returns Sentences for `describeRun`.
 */
export function describeSmallRuns(
  { seeds, testPairs, training: { steps, batchSize } }: AblationSettings,
): string {
  return `Each run took ${steps} steps of ${batchSize} pairs, with
${countOf(seeds, "seed")}. Each test photo gives ${testPairs}
images; ± is one standard deviation over the seeds.`;
}

/**
 * Lists the shapes of the encoders.
 *
 * @param settings Of the section.
 */
export function encodersTable({ networks }: AblationSettings): Table {
  const { high, medium, latentChannels } = networks;
  const positions = high.side / 2 ** high.widths.length;
  const dense = ({ side, hidden }: AblationSize) =>
    [side * side * 3, ...hidden].map(count).join(" ▶ ");
  const convolutional = ({ side, widths }: AblationSize) =>
    widths.map((width, i) => `${side / 2 ** (i + 1)}² × ${width}`).join(" ▶ ");
  return {
    caption: "Encoders; decoders are their mirrors",
    columns: ["", "High", "Medium", "Code"].map((title) => ({ title })),
    rows: [
      [
        "fully connected",
        dense(high),
        dense(medium),
        `1 × 1 × ${codeLength(networks)}`,
      ],
      [
        "convolutional, variational",
        convolutional(high),
        convolutional(medium),
        `${positions} × ${positions} × ${latentChannels}`,
      ],
    ],
  };
}

/**
 * Describes the size of the codes.
 *
 * @param settings Of the section.
 * @returns Markdown.
 */
export function describeSmallCode(
  { networks, beta }: AblationSettings,
): string {
  const numbers = codeLength(networks);
  return `All codes have ${count(numbers)} numbers, so there are
${networks.high.side ** 2 * 3 / numbers} values of the high image per number of
its code, as at the write-up's size. The loss of the variational networks weighs
the distance from the prior by ${beta}; what is stored and measured is the mean
of a code's distribution.`;
}

/**
 * Compares the networks with principal components.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function compareKindsWithFloor(
  { settings, metrics }: AblationResult,
): string {
  const { networks, kinds } = settings;
  const patches = metrics.floors.find(({ of }) => of === "patches")!;
  const lines = kinds.map((kind) => {
    const runs = runsOf(metrics, kind, "none");
    const high = runs.map(({ highDb }) => highDb);
    return `- **${kind}**, ${count(runs[0]!.parameters)} weights in both
networks: ${spread(high)}, ${apart(mean(high) - patches.highDb)} the components
of patches`;
  });
  const whole = metrics.floors.find(({ of }) => of === "whole images");
  if (whole !== undefined) {
    const positions = networks.high.side / 2 ** networks.high.widths.length;
    lines.push(`- **components of whole images**: ${decibels(whole.highDb)},
${apart(whole.highDb - patches.highDb)} those of patches, which are fitted to
${positions ** 2} times as many examples`);
  }
  return `The high image from its own code:\n\n${lines.join("\n")}`;
}

/**
 * Describes the memory that a fully connected network needs at full size.
 *
 * @param result Of the section.
 * @param trainPairs Pairs of the section `medium_training`.
 * @returns Markdown.
 */
export function describeMemory(
  { machine, metrics, settings }: AblationResult,
  trainPairs: number,
): string {
  const memory = machine.memoryGiB * 2 ** 30;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const dense = (size: number, hidden: number) =>
    metrics.dense.find((row) =>
      row.size === size && row.hidden.length === hidden
    )!;
  const need = (size: number, hidden: number) => {
    const { trainingBytes } = dense(size, hidden);
    const room = trainingBytes < memory ? "fits" : "does not fit";
    return `**${gigabytes(trainingBytes)}**, which ${room}`;
  };
  const perValue = dense(172, 1).parameters / (trainPairs * 172 ** 2 * 3);
  const own = dense(settings.networks.high.side, 1).trainingBytes;
  return `Training holds four numbers of 4 bytes for each weight: the weight, its
gradient, and Adam's two moments, before a single image is loaded. The machine
used here has ${gigabytes(memory)}. With one layer each way, 172 × 172 takes
${need(172, 0)}, and 344 × 344 ${need(344, 0)}. With a hidden layer it is
${need(172, 1)}, and ${need(344, 1)}; but then the network of 172 × 172 still
has ${perValue.toFixed(0)} weights for each value of all ${count(trainPairs)}
training images together. The network of this notebook takes
${(own / 1e6).toFixed(0)} MB.`;
}

/**
 * Describes feature capture, unchanged and after a linear map.
 *
 * @param result Of the section.
 * @returns A Markdown list with one item per kind of network.
 */
export function describeCapture({ settings, metrics }: AblationResult): string {
  return settings.kinds.map((kind) => {
    const runs = runsOf(metrics, kind, "none");
    const asIs = mean(runs.map(({ mediumFromHighDb }) => mediumFromHighDb));
    const recovered = runs.map((run) =>
      run.capture!.afterLinearMapDb - run.mediumFromHighDb
    );
    return `- **${kind}**: unchanged, ${spread(lost(metrics, kind))} are lost
against a code of its own, and the result is ${apart(asIs - metrics.flatDb)}
a blank image (${metrics.flatDb.toFixed(1)} dB). The linear map recovers
${spread(recovered)}.`;
  }).join("\n");
}

/**
 * Names the fixes that gain most and those that do harm.
 *
 * @param result Of the section.
 * @returns A Markdown list with one item per kind of network.
 */
export function describeBestFixes(
  { settings, metrics }: AblationResult,
): string {
  const fixes = settings.ways.filter((way) =>
    !["none", "adapter", "joint"].includes(way)
  );
  return settings.kinds.map((kind) => {
    const gain = (way: AblationWay) =>
      mean(fromHigh(metrics, kind, way)) -
      mean(fromHigh(metrics, kind, "none"));
    const [best, second] = fixes.toSorted((a, b) => gain(b) - gain(a));
    const worse = fixes.filter((way) => gain(way) < 0).map(ablationTitle);
    return `- **${kind}**: _${ablationTitle(best!)}_ gains most,
${decibels(gain(best!))}, followed by _${ablationTitle(second!)}_ with
${decibels(gain(second!))}. Worse than no fix: ${worse.join(", ") || "none"}.`;
  }).join("\n");
}

/**
 * Describes how far the seeds differ, against what the first fixes change.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeSeeds({ settings, metrics }: AblationResult): string {
  const lines = settings.kinds.map((kind) => {
    const none = fromHigh(metrics, kind, "none");
    const changes =
      (["standardised", "normalised", "capacity", "dense"] as const)
        .map((way) =>
          Math.abs(mean(fromHigh(metrics, kind, way)) - mean(none))
        );
    return `- **${kind}**: without a fix from ${Math.min(...none).toFixed(2)} to
${decibels(Math.max(...none))}; the first three fixes change the mean by at most
${decibels(Math.max(...changes))}`;
  });
  return `How a single seed could mislead, in the medium image from the high
code:\n\n${lines.join("\n")}`;
}

/**
 * Describes one code for both images: an adapter, and joint training.
 *
 * @param result Of the section.
 * @returns A Markdown list with one item per kind of network.
 */
export function compareOneCode({ settings, metrics }: AblationResult): string {
  return settings.kinds.map((kind) => {
    const none = runsOf(metrics, kind, "none");
    const against = (way: AblationWay) => {
      const runs = runsOf(metrics, kind, way);
      const own = runs.map((run, i) =>
        run.mediumFromHighDb - none[i]!.mediumOwnDb!
      );
      const scaled = runs.map((run) =>
        run.mediumFromHighDb - run.highScaledDownDb
      );
      return `${spreadApart(own)} a code of its own and
${spreadApart(scaled)} its high image scaled down`;
    };
    const cost = runsOf(metrics, kind, "joint")
      .map((run, i) => run.highDb - none[i]!.highDb);
    return `- **${kind}**: the adapter is ${
      against("adapter")
    }. Joint training is
${against("joint")}; its high image is ${
      spreadApart(cost)
    } that without a fix.`;
  }).join("\n");
}

/**
 * Lists which share of the loss each remedy recovers at both sizes.
 *
 * @param result Of the section.
 * @param capture Metrics of the section `feature_capture`.
 * @param fixes Metrics of the section `attempted_fixes`.
 */
export function bothSizesTable(
  { settings, metrics }: AblationResult,
  capture: FeatureCaptureMetrics,
  fixes: AttemptedFixesMetrics,
): Table {
  const small = new Map(
    settings.kinds.map((kind) => [kind, smallShares(metrics, kind)]),
  );
  return carryOverTable(fullShares(capture, fixes), small);
}

/**
 * Describes what holds at both sizes.
 *
 * @param result Of the section.
 * @param capture Metrics of the section `feature_capture`.
 * @param fixes Metrics of the section `attempted_fixes`.
 * @returns Markdown.
 */
export function describeCarryOver(
  { settings, metrics }: AblationResult,
  capture: FeatureCaptureMetrics,
  fixes: AttemptedFixesMetrics,
): string {
  const large = fullShares(capture, fixes);
  const small = settings.kinds.map((kind) => smallShares(metrics, kind));
  const isSame = (remedy: typeof remedies[number]) =>
    small.every((parts) => carriesOver(large.get(remedy)!, parts.get(remedy)!));
  const names = (same: boolean) =>
    remedies.filter((remedy) => isSame(remedy) === same).map(remedyTitle)
      .join(", ") || "none";
  const ranks = settings.kinds.map((kind, i) =>
    `${rankCorrelation(large, small[i]!)?.toFixed(2)} (${kind})`
  );
  const conv = capture.networks.find(({ kind }) => kind === "convolutional")!;
  const losses = settings.kinds.map((kind) =>
    `${spread(lost(metrics, kind))} (${kind})`
  );
  return `- Above 50 % at both sizes and for all kinds, or below it throughout:
**${names(true)}**.
- Exceptions: **${names(false)}**.
- The order of the write-up's fixes, as a rank correlation with the order at
full size, where 1 is the same order: ${ranks.join(", ")}.

How much is lost in the first place does depend on the size and on how long the
networks are trained: ${decibels(conv.mediumOwnDb - conv.asIsDb)} for the
convolutional networks of feature capture, and here ${losses.join(", ")}.`;
}

/**
 * Describes what differs between the sizes.
 *
 * @param result Of the section.
 * @param fixes Metrics of the section `attempted_fixes`.
 * @returns A Markdown list.
 */
export function describeDifferences(
  { settings, metrics }: AblationResult,
  fixes: AttemptedFixesMetrics,
): string {
  const ownDb = (runs: readonly { readonly mediumOwnDb: number | null }[]) =>
    mean(runs.flatMap(({ mediumOwnDb }) => mediumOwnDb ?? []));
  const full = (name: string) =>
    ownDb(fixes.fixes.find(({ fix }) => fix === name)!.runs);
  const here = (way: AblationWay) =>
    ownDb(runsOf(metrics, "convolutional", way));
  const joint = fixes.frontier.find(({ mediumWeight }) => mediumWeight === 1)!;
  const gain = joint.test.mediumFromHighDb - fixes.alone.mediumOwnDb;
  const gains = settings.kinds.map((kind) => {
    const none = runsOf(metrics, kind, "none");
    const differences = runsOf(metrics, kind, "joint").map((run, i) =>
      run.mediumFromHighDb - none[i]!.mediumOwnDb!
    );
    return `${spreadApart(differences)} it (${kind})`;
  });
  return `- The fully connected layer in the middle: at full size the medium
network on its own code is ${apart(full("dense") - full("none"))} no fix, here
${apart(here("dense") - here("none"))} it, with convolutional networks in both
cases.
- Joint training against two codes: the medium image is ${apart(gain)} one from
a code of its own at full size; here it is ${gains.join(", ")}.`;
}

function runsOf(
  { rows }: AblationMetrics,
  kind: AblationKind,
  way: AblationWay,
) {
  return rows.find((row) => row.kind === kind && row.way === way)!.runs;
}

/** The medium images from the high code, one PSNR in dB per seed. */
function fromHigh(
  metrics: AblationMetrics,
  kind: AblationKind,
  way: AblationWay,
): number[] {
  return runsOf(metrics, kind, way).map((run) => run.mediumFromHighDb);
}

/** What the unchanged high code loses against a code of its own, in dB. */
function lost(metrics: AblationMetrics, kind: AblationKind): number[] {
  return runsOf(metrics, kind, "none").map((run) =>
    run.mediumOwnDb! - run.mediumFromHighDb
  );
}

/** Says how far differences are above or below 0, ± one deviation. */
function spreadApart(differences: readonly number[]): string {
  const sign = mean(differences) < 0 ? -1 : 1;
  const side = sign < 0 ? "below" : "above";
  return `${spread(differences.map((value) => sign * value))} ${side}`;
}

function spread(values: readonly number[]): string {
  const around = deviation(values); // null for one seed
  const more = around === null ? "" : ` ± ${around.toFixed(2)}`;
  return `${mean(values).toFixed(2)}${more} dB`;
}
