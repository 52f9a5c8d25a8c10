/**
 * What the notebook on the attempted fixes says in numbers.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
import { apart, countOf, decibels } from "@/experiment/number_words.ts";
import { mean } from "@/metrics/statistics.ts";
import {
  floorColumns,
  FLOORS_CAPTION,
} from "@/sections/feature_capture/report.ts";
import {
  type AttemptedFixesMetrics,
  type AttemptedFixesSettings,
  type FixName,
  fixTitle,
} from "./types.ts";

/** The fixes whose losses reach from the medium image to the high code. */
const WORKING: readonly FixName[] = ["alternate", "from start"];

/**
 * Gives each fix's medium image from the high code.
 *
 * @param metrics Of the section.
 * @returns PSNR in dB by fix, means over the seeds.
 */
export function fixScores(
  { fixes }: AttemptedFixesMetrics,
): Map<FixName, number> {
  return new Map(fixes.map(({ fix, runs }) => [
    fix,
    mean(runs.map(({ mediumFromHighDb }) => mediumFromHighDb)),
  ]));
}

/**
 * Describes the runs' common training.
 *
 * @param settings Of the section.
 * @returns A sentence for `describeRun`.
 */
export function describeFixTraining(
  { seeds, pairTraining: { steps, batchSize } }: AttemptedFixesSettings,
): string {
  return `Each fix was trained with ${
    countOf(seeds, "seed")
  }, each time for ${steps} steps
of ${batchSize} pairs, in which both networks are updated once.`;
}

/**
 * Compares every fix with no fix and with the medium network on its own code.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeFixes(metrics: AttemptedFixesMetrics): string {
  const scores = fixScores(metrics);
  const none = scores.get("none")!;
  const own = mean(unfixed(metrics).map(({ mediumOwnDb }) => mediumOwnDb!));
  const scaled = mean(unfixed(metrics).map((run) => run.highScaledDownDb));
  const lines = [...scores].filter(([fix]) => fix !== "none").map(([fix, db]) =>
    `- **${fixTitle(fix)}**: ${decibels(db)}, ${apart(db - none)} no fix and
${apart(db - own)} the medium network on its own code.`
  );
  return `Without a fix the medium decoder reads the high code at
${decibels(none)} and its own code at ${decibels(own)}; the high image scaled
down has ${decibels(scaled)}.

${lines.join("\n")}`;
}

/**
 * Describes the two fixes that work, and what they cost the high image.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeWorkingFixes(metrics: AttemptedFixesMetrics): string {
  const scores = fixScores(metrics);
  const others = [...scores].filter(([fix]) => !WORKING.includes(fix));
  const worst = Math.min(...WORKING.map((fix) => scores.get(fix)!));
  const best = Math.max(...others.map(([, db]) => db));
  const high = (runs: readonly { readonly highDb: number }[]) =>
    mean(runs.map(({ highDb }) => highDb));
  const costs = metrics.fixes.filter(({ fix }) => WORKING.includes(fix))
    .map(({ fix, runs }) =>
      `- **${fixTitle(fix)}**: the high image is
${apart(high(runs) - high(unfixed(metrics)))} that without a fix.`
    );
  return `The worse of the two reaches ${decibels(worst)}, the best of all
others ${decibels(best)}. What they cost the high image:

${costs.join("\n")}`;
}

/**
 * Compares the chosen fix with what was hoped for.
 *
 * @param metrics Of the section.
 */
export function goalsTable({ fix }: AttemptedFixesMetrics): Table {
  const goals: [name: string, goal: number, found: number][] = [
    [
      "the medium image is as good as the medium network's on its own code",
      0,
      fix.mediumFromHighDb - fix.mediumOwnDb,
    ],
    [
      "it is 0.5 dB better than this code's high image, scaled down",
      0.5,
      fix.mediumFromHighDb - fix.highScaledDownDb,
    ],
    [
      "it is 0.5 dB better than the high network's image, scaled down",
      0.5,
      fix.mediumFromHighDb - fix.highAloneScaledDownDb,
    ],
    [
      "the high image loses at most 0.1 dB",
      -0.1,
      fix.highDb - fix.highAloneDb,
    ],
  ];
  return makeTable(`The chosen fix, "${fix.way}": goals and results`, goals, [
    ["", ([name]) => name],
    ["Goal, at least (dB)", ([, goal]) => goal, 1],
    ["Measured (dB)", ([, , found]) => found, 2],
    ["Reached", ([, goal, found]) => found >= goal ? "yes" : "no"],
  ]);
}

/**
 * Lists what each way gains over two networks on their own.
 *
 * @param metrics Of the section.
 */
export function frontierTable(
  { alone, frontier }: AttemptedFixesMetrics,
): Table {
  const caption = "The frontier: gains over two separate networks, in dB";
  return makeTable(caption, frontier, [
    ["", ({ way }) => way],
    [
      "Medium image",
      ({ test }) => test.mediumFromHighDb - alone.mediumOwnDb,
      2,
    ],
    ["High image", ({ test }) => test.highDb - alone.highDb, 2],
    [
      "Medium over high scaled down",
      ({ test }) => test.mediumFromHighDb - test.highScaledDownDb,
      2,
    ],
  ]);
}

/**
 * Describes what the weight w of the medium image changes.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeFrontier({ frontier }: AttemptedFixesMetrics): string {
  const joint = frontier.filter(({ mediumWeight }) => mediumWeight !== null);
  const [first, last] = [joint[0]!, joint.at(-1)!];
  const change = (size: "highDb" | "mediumFromHighDb") => {
    const db = last.test[size] - first.test[size];
    return `${decibels(Math.abs(db))} ${db < 0 ? "worse" : "better"}`;
  };
  return `With w = ${last.mediumWeight} the medium image is
${change("mediumFromHighDb")} than with w = ${first.mediumWeight}, and the high
image is ${change("highDb")}.`;
}

/**
 * Lists what principal components reach without training.
 *
 * @param metrics Of the section.
 */
export function fixFloorsTable({ floors }: AttemptedFixesMetrics): Table {
  return makeTable(FLOORS_CAPTION, floors, [
    ["C", ({ channels }) => `${channels}`],
    ...floorColumns,
    ["… with its neighbours", (row) => row.neighbourhoodMapDb, 2],
  ]);
}

/**
 * Compares the chosen fix with principal components.
 *
 * @param metrics Of the section.
 * @param settings Of the section.
 * @returns Markdown.
 */
export function compareFixWithFloor(
  { fix, floors }: AttemptedFixesMetrics,
  settings: AttemptedFixesSettings,
): string {
  const C = settings.medium.latentChannels;
  const floor = floors.find(({ channels }) => channels === C)!;
  return `At C = ${C}, the networks' number of channels, the fix is
${apart(fix.mediumFromHighDb - floor.neighbourhoodMapDb)} its floor with
neighbours.`;
}

function unfixed({ fixes }: AttemptedFixesMetrics) {
  return fixes.find(({ fix }) => fix === "none")!.runs;
}
