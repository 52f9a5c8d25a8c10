/**
 * The figures of *super-resolution*, drawn without TensorFlow.
 *
 * @module
 */

import {
  barChart,
  type Chart,
  lossChart,
  type LossRun,
  photoGrid,
} from "@/charts/mod.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure, SectionResult } from "@/experiment/types.ts";
import type { RunRecord } from "@/training/records.ts";
import { mean } from "@/metrics/mod.ts";
import type { EnlargedRow, SuperResolutionMetrics } from "./mod.ts";
import {
  type EnlargingName,
  enlargingTitle,
  wayStrip,
  wholeOnes,
} from "./names.ts";
import type { SuperResolutionSettings } from "./runs.ts";

type Result = SectionResult<SuperResolutionSettings, SuperResolutionMetrics>;

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

/** Enlarged squares, whole photos, three measures as bars, and the losses. */
export async function superResolutionFigures(
  { history, metrics }: Result,
  folder: string,
): Promise<Figure[]> {
  const { examples, ways } = metrics;
  const strips = (rows: readonly Row[], part: "photos" | "details") =>
    Promise.all(rows.map(async (row) => ({
      label: label(row),
      photos: await readStrip(`${folder}/${wayStrip(row, part)}`),
    })));
  const names = (rows: readonly Row[]) =>
    rows.map((row) => label(row).replaceAll("\n", " ")).join("; ");
  return [
    {
      name: "details",
      alt: `Squares of test photos, enlarged: ${names(inPart)}`,
      photos: await photoGrid({
        title: "High images where interpolation errs the most",
        columns: examples,
        rows: await strips(inPart, "details"),
        scale: 2,
        format: "jpeg",
      }),
    },
    {
      name: "photos",
      alt: `Whole test photos: ${names(whole)}`,
      photos: await photoGrid({
        title: "High images",
        columns: wholeOnes(examples),
        rows: await strips(whole, "photos"),
        format: "jpeg",
      }),
    },
    { name: "psnr", chart: psnrChart(ways) },
    { name: "haarpsi", chart: haarPsiChart(ways) },
    { name: "sharpness", chart: sharpnessChart(ways) },
    { name: "validation", chart: lossesChart(history) },
  ];
}

/** Differences of a decibel would not show on bars of 30. */
function psnrChart(ways: readonly EnlargedRow[]): Chart {
  const lanczos = ways.find(({ way }) => way === "Lanczos")!;
  return barChart({
    title: "The high image, against Lanczos interpolation",
    label: "PSNR above Lanczos interpolation (dB)",
    bars: ways.filter((row) => row !== lanczos).map(({ way, psnrDb }) => ({
      name: enlargingTitle(way),
      values: [psnrDb - lanczos.psnrDb],
    })),
  });
}

function haarPsiChart(ways: readonly EnlargedRow[]): Chart {
  return barChart({
    title: "How unlike the original the high image is",
    label: "1 − HaarPSI: less is better",
    digits: 4,
    bars: ways.map(({ way, haarPsi }) => ({
      name: enlargingTitle(way),
      values: [1 - haarPsi],
    })),
  });
}

function sharpnessChart(ways: readonly EnlargedRow[]): Chart {
  return barChart({
    title: "How sharp the high image is",
    label: "Differences between neighbouring pixels, over the original's",
    digits: 3,
    bars: [
      { name: "original", values: [1] },
      ...ways.map(({ way, sharpness }) => ({
        name: enlargingTitle(way),
        values: [sharpness],
      })),
    ],
  });
}

/** Means over epochs: single steps see few windows, and jump. */
function lossesChart(history: readonly RunRecord[]): Chart {
  const names = [...new Set(history.map(({ run }) => run))];
  return lossChart({
    title: "Training of the networks, a point an epoch",
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

/** Over several lines and with a capital, as a row's label. */
function label(row: Row): string {
  const title = row === "original" ? row : enlargingTitle(row);
  const lines = title.includes(", ")
    ? title.replaceAll(", ", ",\n")
    : title.replace(" ", "\n");
  return lines[0]!.toUpperCase() + lines.slice(1);
}
