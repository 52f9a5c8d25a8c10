/**
 * The figures of *feature capture*, drawn without TensorFlow.
 *
 * @module
 */

import { barChart, lossChart, photoGrid } from "@/charts/mod.ts";
import type { NetworkKind } from "@/sections/autoencoders/types.ts";
import type { FeatureCaptureMetrics, FeatureCaptureSettings } from "./types.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure, SectionResult } from "@/experiment/types.ts";

/** The ways to a medium image whose photos are kept. */
export type CaptureWay = "own" | "scaled_down" | "as_is" | "mapped";

/**
 * The file of medium images by one way.
 *
 * @param folder The section's folder.
 * @param kind Which networks.
 * @param way The way.
 * @returns Its path.
 */
export function captureStrip(
  folder: string,
  kind: NetworkKind,
  way: CaptureWay,
): string {
  return `${folder}/${kind.replaceAll(" ", "_").toLowerCase()}_${way}.webp`;
}

/**
 * Photos four ways, the curves of further training, and PSNR as bars.
 *
 * @param result From the section.
 * @param folder The section's folder.
 * @returns The figures.
 */
export async function featureCaptureFigures(
  { history, metrics }: SectionResult<
    FeatureCaptureSettings,
    FeatureCaptureMetrics
  >,
  folder: string,
): Promise<Figure[]> {
  const original = await readStrip(`${folder}/original.webp`);
  const rows: [CaptureWay, string][] = [
    ["own", "Medium network,\nits own code"],
    ["scaled_down", "High decoded,\nscaled down"],
    ["as_is", "Medium decoder,\nunchanged high code"],
    ["mapped", "Medium decoder,\nafter a linear map"],
  ];
  const photos = await photoGrid({
    title: "Medium images from the high code, convolutional networks",
    columns: metrics.examples,
    rows: [
      { label: "Original", photos: original },
      ...await Promise.all(rows.map(async ([name, label]) => ({
        label,
        photos: await readStrip(captureStrip(folder, "convolutional", name)),
      }))),
    ],
    format: "jpeg",
  });
  const steps = history.flatMap((record) =>
    record.kind === "step" && record.parts !== undefined ? [record] : []
  );
  const curve = (name: string, part: string) => ({
    name,
    history: steps.map((record) => ({
      kind: "step" as const,
      step: record.step,
      loss: record.parts?.[part] ?? null,
    })),
  });
  return [
    {
      name: "photos",
      alt:
        "Test photos: original, medium network on its own code, high image scaled down, medium decoder on the high code, unchanged and after a linear map",
      photos,
    },
    {
      name: "trained_on",
      chart: lossChart({
        title: "Trained apart, the medium decoder never learns the high code",
        label: "Mean squared error",
        runs: [
          curve("medium decoder, high code", "cross"),
          curve("medium, own code", "medium"),
          curve("high, own code", "high"),
        ],
      }),
    },
    {
      name: "psnr",
      chart: barChart({
        title: "The medium image, four ways",
        label: "PSNR (dB)",
        digits: 1,
        bars: metrics.networks.flatMap((row) => [
          { name: `${row.kind}: own code`, values: [row.mediumOwnDb] },
          { name: `${row.kind}: high, scaled`, values: [row.highScaledDownDb] },
          { name: `${row.kind}: high code unchanged`, values: [row.asIsDb] },
          {
            name: `${row.kind}: linear map`,
            values: [row.afterLinearMapDb],
          },
        ]),
      }),
    },
  ];
}
