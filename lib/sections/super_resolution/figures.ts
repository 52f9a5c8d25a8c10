/**
 * The figures of *super-resolution*, drawn without TensorFlow.
 *
 * @module
 */

import { barChart, type Chart, lossChart, type LossRun } from "@/charts/mod.ts";
import { drawStrips } from "@/experiment/figures.ts";
import type { Figures } from "@/experiment/types.ts";
import type { RunRecord } from "@/training/records.ts";
import { mean } from "@/metrics/mod.ts";
import {
  type EnlargedRow,
  type EnlargingName,
  enlargingTitle,
  type ShownPart,
  type SuperResolutionResult,
  wayStrip,
  wholeOnes,
} from "./types.ts";

type Row = EnlargingName | "original";

const inPart: readonly Row[] = [
  "original",
  "bicubic",
  "Lanczos",
  "from medium",
  "from medium, sharper",
  "high network",
  "from code",
];

const whole: readonly Row[] = [
  "original",
  "Lanczos",
  "from medium",
  "from code",
];

/**
 * Enlarged squares, whole photos, three measures as bars, and the losses.
 *
 * @param result The section's result.
 * @param folder Where the result's photos are.
 * @returns The figures by name.
 */
export function superResolutionFigures(
  { history, metrics: { examples, ways } }: SuperResolutionResult,
  folder: string,
): Figures {
  const strips = (rows: readonly Row[], part: ShownPart) =>
    rows.map((row) => [label(row), wayStrip(row, part)] as const);
  const names = (rows: readonly Row[]) =>
    rows.map((row) => label(row).replaceAll("\n", " ")).join("; ");
  return {
    details: () =>
      drawStrips(folder, {
        title: "High images where interpolation has the largest error",
        alt: `Squares of test photos, enlarged: ${names(inPart)}`,
        columns: examples,
        rows: strips(inPart, "details"),
        every: 2,
        scale: 2,
      }),
    photos: () =>
      drawStrips(folder, {
        title: "High images",
        alt: `Whole test photos: ${names(whole)}`,
        columns: wholeOnes(examples),
        rows: strips(whole, "photos"),
      }),
    psnr: () => ({ chart: psnrChart(ways) }),
    haarpsi: () => ({ chart: haarPsiChart(ways) }),
    sharpness: () => ({
      chart: sharpnessChart(
        ways.map(({ way, sharpness }) => ({
          name: enlargingTitle(way),
          sharpness,
        })),
      ),
    }),
    validation: () => ({ chart: lossesChart(history) }),
  };
}

/** Differences of a decibel would not show on bars of 30. */
function psnrChart(ways: readonly EnlargedRow[]): Chart {
  const lanczos = ways.find(({ way }) => way === "Lanczos")!;
  return barChart({
    title: "The high image, compared with Lanczos interpolation",
    label: "PSNR gain over Lanczos interpolation (dB)",
    bars: ways.filter((row) => row !== lanczos).map(({ way, psnrDb }) => ({
      name: enlargingTitle(way),
      values: [psnrDb - lanczos.psnrDb],
    })),
  });
}

function haarPsiChart(ways: readonly EnlargedRow[]): Chart {
  return barChart({
    title: "How far the high image is from the original",
    label: "1 − HaarPSI: lower is better",
    digits: 4,
    bars: ways.map(({ way, haarPsi }) => ({
      name: enlargingTitle(way),
      values: [1 - haarPsi],
    })),
  });
}

/**
 * How sharp enlarged images are beside their originals.
 *
 * @param ways The name of each way to enlarge, and its sharpness, 1 for the
 * originals'.
 * @returns A bar for each.
 */
export function sharpnessChart(
  ways: readonly { readonly name: string; readonly sharpness: number }[],
): Chart {
  return barChart({
    title: "How sharp the high image is",
    label: "Difference between neighbouring pixels, relative to the original",
    digits: 3,
    bars: [
      { name: "original", values: [1] },
      ...ways.map(({ name, sharpness }) => ({ name, values: [sharpness] })),
    ],
  });
}

/** Means over epochs: a single step sees few windows, and its loss is noisy. */
function lossesChart(history: readonly RunRecord[]): Chart {
  const names = [...new Set(history.map(({ run }) => run))];
  return lossChart({
    title: "Training of the networks, one point per epoch",
    label: "Mean squared error",
    runs: names.map((name) => ({
      name,
      history: epochLosses(history.filter(({ run }) => run === name)),
    })),
  });
}

/** The squared error alone: the term against softness has another scale. */
function epochLosses(history: readonly RunRecord[]): LossRun["history"] {
  return history.flatMap((epoch) => {
    if (epoch.kind !== "epoch") return [];
    const losses = history.flatMap((record) =>
      record.kind === "step" && record.epoch === epoch.epoch
        ? [record.parts?.["squared"] ?? record.loss]
        : []
    );
    const loss = mean(losses);
    return [{ kind: "step" as const, step: epoch.step, loss }, epoch];
  });
}

/** A row's label: the way's title on several lines, with a capital. */
function label(row: Row): string {
  const title = row === "original" ? row : enlargingTitle(row);
  return title.includes(", ")
    ? title.replaceAll(", ", ",\n")
    : title.replace(" ", "\n");
}
