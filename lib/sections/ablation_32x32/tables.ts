/**
 * The tables of *ablation 32x32*; needs no TensorFlow.
 *
 * @module
 */

import type { Column, Table, TableCell } from "@/charts/mod.ts";
import { deviation, mean } from "@/metrics/mod.ts";
import {
  type AblationFound,
  type AblationKind,
  type AblationMetrics,
  type AblationRow,
  ablationTitle,
} from "./types.ts";

/** A value's mean and deviation over the runs; nulls where no run has it. */
function spread(
  { runs }: AblationRow,
  value: (run: AblationFound) => number | null | undefined,
): [TableCell, TableCell] {
  const values = runs.flatMap((run) => value(run) ?? []);
  return values.length === 0 ? [null, null] : [mean(values), deviation(values)];
}

function twoColumns(title: string, digits = 2): Column[] {
  return [{ title, digits }, { title: "±", digits }];
}

function seedsOf(rows: readonly AblationRow[]): string {
  const seeds = rows[0]?.runs.length ?? 0;
  return `${seeds} ${seeds === 1 ? "seed" : "seeds"}`;
}

/**
 * All ways of one kind of network, or of all kinds.
 *
 * @param metrics From the section's result.
 * @param kind Which kind; all by default.
 */
export function ablationTable(
  { rows }: AblationMetrics,
  kind?: AblationKind,
): Table {
  const chosen = rows.filter((row) => kind === undefined || row.kind === kind);
  return {
    caption:
      `${kind ?? "All"} networks: mean PSNR in dB over the test photos ` +
      `and ${seedsOf(rows)}, ± one standard deviation`,
    columns: [
      ...kind === undefined ? [{ title: "Networks" }] : [],
      { title: "" },
      ...twoColumns("Medium from the high code"),
      ...twoColumns("Medium, own code"),
      ...twoColumns("High, scaled down"),
      ...twoColumns("High"),
      { title: "Trainable weights", digits: 0 },
    ],
    rows: chosen.map((row) => [
      ...kind === undefined ? [row.kind] : [],
      ablationTitle(row.way),
      ...spread(row, ({ mediumFromHighDb }) => mediumFromHighDb),
      ...spread(row, ({ mediumOwnDb }) => mediumOwnDb),
      ...spread(row, ({ highScaledDownDb }) => highScaledDownDb),
      ...spread(row, ({ highDb }) => highDb),
      row.runs[0]!.parameters,
    ]),
  };
}

/**
 * Feature capture of each kind of network.
 *
 * @param metrics From the section's result.
 */
export function ablationCaptureTable({ rows }: AblationMetrics): Table {
  return {
    caption: "The medium decoder on the high code, networks without a fix: " +
      `means of ${seedsOf(rows)}, ± one standard deviation`,
    columns: [
      { title: "" },
      ...twoColumns("Own code (dB)"),
      ...twoColumns("Unchanged code (dB)"),
      ...twoColumns("After a linear map (dB)"),
      ...twoColumns("Explained variance", 4),
      ...twoColumns("CKA", 4),
    ],
    rows: rows.filter(({ way }) => way === "none").map((row) => [
      row.kind,
      ...spread(row, ({ mediumOwnDb }) => mediumOwnDb),
      ...spread(row, ({ mediumFromHighDb }) => mediumFromHighDb),
      ...spread(row, ({ capture }) => capture?.afterLinearMapDb),
      ...spread(row, ({ capture }) => capture?.explained),
      ...spread(row, ({ capture }) => capture?.cka),
    ]),
  };
}

/**
 * Principal components beside the networks without a fix.
 *
 * @param metrics From the section's result.
 */
export function ablationFloorTable({ rows, floors }: AblationMetrics): Table {
  return {
    caption: "Networks without a fix and principal components, with codes of " +
      "the same size: mean PSNR in dB over the test photos",
    columns: [
      { title: "" },
      { title: "High", digits: 2 },
      { title: "Medium, own code", digits: 2 },
      { title: "High, scaled down", digits: 2 },
      { title: "High code, unchanged", digits: 2 },
      { title: "High code, linear map", digits: 2 },
    ],
    rows: [
      ...rows.filter(({ way }) => way === "none").map((row): TableCell[] => [
        row.kind,
        spread(row, ({ highDb }) => highDb)[0],
        spread(row, ({ mediumOwnDb }) => mediumOwnDb)[0],
        spread(row, ({ highScaledDownDb }) => highScaledDownDb)[0],
        spread(row, ({ mediumFromHighDb }) => mediumFromHighDb)[0],
        spread(row, ({ capture }) => capture?.afterLinearMapDb)[0],
      ]),
      ...floors.map((floor): TableCell[] => [
        `principal components of ${floor.of}`,
        floor.highDb,
        floor.mediumOwnDb,
        floor.highScaledDownDb,
        floor.asIsDb,
        floor.linearMapDb,
      ]),
    ],
  };
}

/**
 * How large fully connected networks are.
 *
 * @param metrics From the section's result.
 */
export function denseTable({ dense }: AblationMetrics): Table {
  const layers = (hidden: readonly number[]) =>
    hidden.length === 0
      ? "one each way"
      : `through ${hidden.map((width) => width.toLocaleString("en-US"))}`;
  return {
    caption: "Fully connected networks: their weights, and the memory that " +
      "training takes at least",
    columns: [
      { title: "Image" },
      { title: "Layers" },
      { title: "Numbers in the code", digits: 0 },
      { title: "Weights", digits: 0 },
      { title: "GB to train", digits: 2 },
    ],
    rows: dense.map(({ size, hidden, units, parameters, trainingBytes }) => [
      `${size} × ${size} × 3`,
      layers(hidden),
      units,
      parameters,
      trainingBytes / 1e9,
    ]),
  };
}
