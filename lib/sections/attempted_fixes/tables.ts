/**
 * The tables of *attempted fixes*; needs no TensorFlow.
 *
 * @module
 */

import { makeTable, type Table } from "@/charts/table.ts";
import { countOf } from "@/experiment/number_words.ts";
import { deviation, mean } from "@/metrics/mod.ts";
import {
  type AloneScores,
  type AttemptedFixesMetrics,
  type FixFound,
  type FixRow,
  fixTitle,
  type OneCodeFound,
} from "./types.ts";

/**
 * No fix and the write-up's fixes: means over the seeds, and one standard
 * deviation of the medium image's quality.
 *
 * @param metrics From the section's result.
 */
export function fixesTable({ fixes }: AttemptedFixesMetrics): Table {
  type Value = keyof FixFound;
  const values = ({ runs }: FixRow, value: Value) =>
    runs.flatMap((run) => run[value] ?? []);
  const over = (value: Value) => (row: FixRow) => {
    const found = values(row, value);
    return found.length === 0 ? null : mean(found);
  };
  const caption =
    "The write-up's fixes: mean PSNR in dB over the test photos " +
    `and ${seedsText(fixes)}, ± one standard deviation`;
  return makeTable(caption, fixes, [
    ["", ({ fix }) => fixTitle(fix)],
    ["Medium from the high code", over("mediumFromHighDb"), 2],
    ["±", (row) => deviation(values(row, "mediumFromHighDb")), 2],
    ["Medium, own code", over("mediumOwnDb"), 2],
    ["High, scaled down", over("highScaledDownDb"), 2],
    ["High", over("highDb"), 2],
    [
      "Weights",
      ({ runs: [run] }) => run!.mediumParameters + run!.highParameters,
      0,
    ],
  ]);
}

/**
 * Says how many seeds each row has.
 *
 * @param rows Of a table; all have as many runs as the first.
 * @returns Such as `3 seeds`.
 */
export function seedsText(
  rows: readonly { readonly runs: readonly unknown[] }[],
): string {
  return countOf(rows[0]?.runs.length ?? 0, "seed");
}

/**
 * Both networks alone, and the ways to have one code for both images.
 *
 * @param metrics From the section's result.
 */
export function oneCodeTable(
  { alone, frontier }: AttemptedFixesMetrics,
): Table {
  type Row = Partial<AloneScores & OneCodeFound["test"]> & {
    readonly name: string;
    readonly parameters?: number;
  };
  const rows: Row[] = [
    { name: "two networks, two codes", ...alone },
    ...frontier.map(({ way, test, parameters }) => ({
      ...{ name: way, ...test, parameters },
    })),
  ];
  const caption = "One code for both images: mean PSNR in dB over the test " +
    "photos";
  return makeTable(caption, rows, [
    ["", ({ name }) => name],
    ["Medium from the high code", (row) => row.mediumFromHighDb, 2],
    ["Medium, own code", (row) => row.mediumOwnDb, 2],
    ["High, scaled down", (row) => row.highScaledDownDb, 2],
    ["High", (row) => row.highDb, 2],
    ["Weights of the medium decoder", (row) => row.parameters, 0],
  ]);
}
