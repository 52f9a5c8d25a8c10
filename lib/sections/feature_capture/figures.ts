/**
 * The figures of *feature capture*, drawn without TensorFlow.
 *
 * @module
 */

import { barChart, type Chart, lossChart } from "@/charts/mod.ts";
import { drawStrips } from "@/experiment/figures.ts";
import type { Figures } from "@/experiment/types.ts";
import type { NetworkKind } from "@/sections/autoencoders/types.ts";
import type { RunRecord } from "@/training/records.ts";
import type { CaptureRow, FeatureCaptureResult } from "./types.ts";

/** The ways to a medium image whose photos are kept. */
export type CaptureWay = "own" | "scaled_down" | "as_is" | "mapped";

/**
 * The name of a strip of medium images in the section's folder.
 *
 * @param kind Which networks.
 * @param way How the images were made.
 */
export function captureStrip(kind: NetworkKind, way: CaptureWay): string {
  return `${kind.replaceAll(" ", "_").toLowerCase()}_${way}.webp`;
}

/**
 * Photos four ways, the curves of further training, and PSNR as bars.
 *
 * @param result The section's result.
 * @param folder Where the result's photos are.
 * @returns The figures by name.
 */
export function featureCaptureFigures(
  { history, metrics }: FeatureCaptureResult,
  folder: string,
): Figures {
  const strip = (way: CaptureWay) => captureStrip("convolutional", way);
  return {
    photos: () =>
      drawStrips(folder, {
        title: "Medium images from the high code, convolutional networks",
        alt:
          "Test photos: original, medium network on its own code, high image scaled down, medium decoder on the high code, unchanged and after a linear map",
        columns: metrics.examples,
        rows: [
          ["Original", "original.webp"],
          ["Medium network,\nits own code", strip("own")],
          ["High decoded,\nscaled down", strip("scaled_down")],
          ["Medium decoder,\nunchanged high code", strip("as_is")],
          ["Medium decoder,\nafter a linear map", strip("mapped")],
        ],
      }),
    trained_on: () => ({ chart: trainedOnChart(history) }),
    psnr: () => ({ chart: psnrChart(metrics.networks) }),
  };
}

function trainedOnChart(history: readonly RunRecord[]): Chart {
  const curve = (name: string, part: string) => ({
    name,
    history: history.flatMap(({ kind, step, parts }) =>
      kind === "step" && parts !== undefined
        ? [{ kind, step, loss: parts[part] ?? null }]
        : []
    ),
  });
  return lossChart({
    title: "Trained apart, the medium decoder never learns the high code",
    label: "Mean squared error",
    runs: [
      curve("medium decoder, high code", "cross"),
      curve("medium, own code", "medium"),
      curve("high, own code", "high"),
    ],
  });
}

function psnrChart(networks: readonly CaptureRow[]): Chart {
  return barChart({
    title: "Four ways to the medium image",
    label: "PSNR (dB)",
    digits: 1,
    bars: networks.flatMap((row) => [
      { name: `${row.kind}: own code`, values: [row.mediumOwnDb] },
      {
        name: `${row.kind}: high, scaled down`,
        values: [row.highScaledDownDb],
      },
      { name: `${row.kind}: high code, unchanged`, values: [row.asIsDb] },
      { name: `${row.kind}: linear map`, values: [row.afterLinearMapDb] },
    ]),
  });
}
