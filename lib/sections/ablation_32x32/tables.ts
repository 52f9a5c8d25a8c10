/**
 * The tables of *ablation 32x32*; needs no TensorFlow.
 *
 * @module
 */

import { makeTable, type Table, type ValueColumn } from "@/charts/table.ts";
import { capitalized, count } from "@/experiment/number_words.ts";
import { deviation, mean } from "@/metrics/mod.ts";
import { seedsText } from "@/sections/attempted_fixes/tables.ts";
import { floorColumns } from "@/sections/feature_capture/report.ts";
import {
  type AblationFound,
  type AblationKind,
  type AblationMetrics,
  type AblationRow,
  ablationTitle,
} from "./types.ts";

/** A value's mean and deviation over the runs; null where no run has it. */
function spread(
  title: string,
  value: (run: AblationFound) => number | null | undefined,
  digits = 2,
): ValueColumn<AblationRow>[] {
  const over = (summary: (values: number[]) => number | null) =>
  (
    { runs }: AblationRow,
  ) => {
    const values = runs.flatMap((run) => value(run) ?? []);
    return values.length === 0 ? null : summary(values);
  };
  return [[title, over(mean), digits], ["±", over(deviation), digits]];
}

/**
 * All ways of one kind of network.
 *
 * @param metrics From the section's result.
 * @param kind Which kind.
 */
export function ablationTable(
  { rows }: AblationMetrics,
  kind: AblationKind,
): Table {
  const caption =
    `${capitalized(kind)} networks: mean PSNR in dB over the test photos ` +
    `and ${seedsText(rows)}, ± one standard deviation`;
  return makeTable(caption, rows.filter((row) => row.kind === kind), [
    ["", ({ way }) => ablationTitle(way)],
    ...spread("Medium from the high code", (run) => run.mediumFromHighDb),
    ...spread("Medium, own code", (run) => run.mediumOwnDb),
    ...spread("High, scaled down", (run) => run.highScaledDownDb),
    ...spread("High", (run) => run.highDb),
    ["Trainable weights", ({ runs }) => runs[0]!.parameters, 0],
  ]);
}

/**
 * Feature capture of each kind of network.
 *
 * @param metrics From the section's result.
 */
export function ablationCaptureTable({ rows }: AblationMetrics): Table {
  const caption = "The medium decoder on the high code, networks without a " +
    `fix: means of ${seedsText(rows)}, ± one standard deviation`;
  return makeTable(caption, rows.filter(({ way }) => way === "none"), [
    ["", ({ kind }) => kind],
    ...spread("Own code (dB)", (run) => run.mediumOwnDb),
    ...spread("Unchanged code (dB)", (run) => run.mediumFromHighDb),
    ...spread(
      "After a linear map (dB)",
      (run) => run.capture?.afterLinearMapDb,
    ),
    ...spread("Explained variance", (run) => run.capture?.explained, 4),
    ...spread("CKA", (run) => run.capture?.cka, 4),
  ]);
}

/**
 * Principal components beside the networks without a fix.
 *
 * @param metrics From the section's result.
 */
export function ablationFloorTable({ rows, floors }: AblationMetrics): Table {
  const networks = rows.filter(({ way }) => way === "none")
    .map(({ kind, runs }) => ({
      name: kind as string,
      highDb: mean(runs.map((run) => run.highDb)),
      mediumOwnDb: mean(runs.map((run) => run.mediumOwnDb!)),
      highScaledDownDb: mean(runs.map((run) => run.highScaledDownDb)),
      asIsDb: mean(runs.map((run) => run.mediumFromHighDb)),
      linearMapDb: mean(runs.map((run) => run.capture!.afterLinearMapDb)),
    }));
  const components = floors.map(({ of, ...floor }) => ({
    name: `principal components of ${of}`,
    ...floor,
  }));
  const caption = "Networks without a fix and principal components, with " +
    "codes of the same size: mean PSNR in dB over the test photos";
  return makeTable(caption, [...networks, ...components], [
    ["", ({ name }) => name],
    ...floorColumns,
  ]);
}

/**
 * How large fully connected networks are.
 *
 * @param metrics From the section's result.
 */
export function denseTable({ dense }: AblationMetrics): Table {
  const layers = (hidden: readonly number[]) =>
    hidden.length === 0 ? "one each way" : `through ${hidden.map(count)}`;
  const caption = "Fully connected networks: their weights, and the least " +
    "memory that training takes";
  return makeTable(caption, dense, [
    ["Image", ({ size }) => `${size} × ${size} × 3`],
    ["Layers", ({ hidden }) => layers(hidden)],
    ["Numbers in the code", ({ units }) => units, 0],
    ["Weights", ({ parameters }) => parameters, 0],
    ["GB to train", ({ trainingBytes }) => trainingBytes / 1e9, 2],
  ]);
}
