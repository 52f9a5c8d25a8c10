/**
 * The figures of *super-resolution*, drawn without TensorFlow.
 *
 * @module
 */

import { barChart, type Chart, lossChart, photoGrid } from "@/charts/mod.ts";
import { readStrip } from "./photo_strip.ts";
import type { Figure, RunRecord, SectionResult } from "./section.ts";
import type {
  EnlargedRow,
  SuperResolutionMetrics,
} from "./super_resolution.ts";
import {
  type EnlargingName,
  enlargingTitle,
  wayStrip,
  wholeOnes,
} from "./super_resolution_names.ts";
import type { SuperResolutionSettings } from "./super_resolution_runs.ts";

type Result = SectionResult<SuperResolutionSettings, SuperResolutionMetrics>;

const rows: readonly (EnlargingName | "original")[] = [
  "original",
  "bicubic",
  "Lanczos",
  "from medium",
  "from medium, sharper",
  "high network",
  "from code",
  "from both",
];

/** Enlarged squares, whole photos, three measures as bars, and the losses. */
export async function superResolutionFigures(
  { history, metrics }: Result,
  folder: string,
): Promise<Figure[]> {
  const { examples, ways } = metrics;
  const strip = async (
    way: EnlargingName | "original",
    part: "photos" | "details",
  ) => ({
    label: way === "original" ? "Original" : wrapped(enlargingTitle(way)),
    photos: await readStrip(`${folder}/${wayStrip(way, part)}`),
  });
  const shown = rows.map((row) =>
    row === "original" ? "the original" : enlargingTitle(row)
  );
  return [
    {
      name: "details",
      alt: `Squares of test photos, enlarged: ${shown.join("; ")}`,
      photos: await photoGrid({
        title: "High images: where interpolation errs the most",
        columns: examples,
        rows: await Promise.all(rows.map((row) => strip(row, "details"))),
        scale: 2,
        format: "jpeg",
      }),
    },
    {
      name: "photos",
      alt:
        "Whole test photos: the original, Lanczos interpolation, ours from the medium image, and both decoders of the code",
      photos: await photoGrid({
        title: "High images",
        columns: wholeOnes(examples),
        rows: await Promise.all(
          ([
            "original",
            "Lanczos",
            "from medium",
            "high network",
            "from code",
          ] as const).map((row) => strip(row, "photos")),
        ),
        format: "jpeg",
      }),
    },
    {
      name: "psnr",
      chart: qualityChart(ways, "PSNR (dB)", 2, (row) => row.psnrDb),
    },
    {
      name: "haarpsi",
      chart: qualityChart(ways, "HaarPSI", 3, (row) => row.haarPsi),
    },
    {
      name: "sharpness",
      chart: qualityChart(
        ways,
        "Differences between neighbouring pixels, over the original's",
        3,
        (row) => row.sharpness,
      ),
    },
    { name: "validation", chart: validationChart(history) },
  ];
}

function qualityChart(
  ways: readonly EnlargedRow[],
  label: string,
  digits: number,
  value: (row: EnlargedRow) => number,
): Chart {
  return barChart({
    title: "The high image, by what is stored",
    label,
    digits,
    bars: ways.map((row) => ({
      name: enlargingTitle(row.way),
      values: [value(row)],
    })),
  });
}

/** Each network's squared error on the validation photos, an epoch a point. */
function validationChart(history: readonly RunRecord[]): Chart {
  const epochs = history.flatMap((record) =>
    record.kind === "epoch" ? [record] : []
  );
  const names = [...new Set(epochs.map(({ run }) => run))];
  return lossChart({
    title: "Training of the networks",
    label: "Mean squared error",
    runs: names.map((name) => ({
      name,
      history: epochs.filter(({ run }) => run === name),
    })),
  });
}

/** Over several lines and with a capital, as a row's label. */
function wrapped(title: string): string {
  const lines = title.includes(", ")
    ? title.replaceAll(", ", ",\n")
    : title.replace(" ", "\n");
  return lines[0]!.toUpperCase() + lines.slice(1);
}
