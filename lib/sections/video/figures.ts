/**
 * The figures of *video*, drawn without TensorFlow.
 *
 * @module
 */
import {
  type Chart,
  lossChart,
  rateChart,
  type RateChartPoint,
} from "@/charts/mod.ts";
import { drawStrips } from "@/experiment/figures.ts";
import type { Drawing, Figures } from "@/experiment/types.ts";
import type { RunRecord } from "@/training/records.ts";
import { meanPoints } from "./tables.ts";
import {
  type ContentRow,
  frameStrip,
  VARIANT_NAMES,
  VARIANTS,
  type VideoResult,
} from "./types.ts";

/**
 * Rates, frames and losses of each set of clips.
 *
 * @param result The section's result.
 * @param folder Where the result's frames are.
 * @returns The figures by name, such as `rates_general`.
 */
export function videoFigures(
  { metrics: { contents }, settings, history }: VideoResult,
  folder: string,
): Figures {
  const last = settings.training.lambdas.length - 1;
  return Object.fromEntries(contents.flatMap((row) => [
    [`rates_${row.kind}`, () => ({ chart: ratesChart(row) })],
    [`frames_${row.kind}`, () => drawFrames(row, last, folder)],
    [`losses_${row.kind}`, () => ({ chart: lossesChart(row, history) })],
  ]));
}

function ratesChart(row: ContentRow): Chart {
  const title = (variant: keyof typeof VARIANTS) => VARIANTS[variant].title;
  const ours = VARIANT_NAMES.flatMap((variant): RateChartPoint[] =>
    meanPoints(row, variant).map(({ bpp, psnrDb }) => ({
      codec: title(variant),
      bpp,
      psnrDb,
    }))
  );
  return rateChart({
    title: `Rate and quality, ${row.kind} clips`,
    subtitle: `Means over ${row.tested} segments of "${row.content}"`,
    points: [...ours, ...row.rivals],
    ours: [title("whole")],
    width: 460,
  });
}

async function drawFrames(
  row: ContentRow,
  last: number,
  folder: string,
): Promise<Drawing> {
  const [network] = row.networks;
  const bits = (level: number) =>
    network!.runs[0]!.points[level]!.bpp.toFixed(3);
  return await drawStrips(folder, {
    title: `Every third frame of a test segment, ${row.kind} clips`,
    alt: `Frames of "${row.shown}": the original, and the network's at its ` +
      "lowest and its highest quality",
    rows: [
      ["original", frameStrip(row.kind)],
      [`${bits(last)} bpp`, frameStrip(row.kind, last)],
      [`${bits(0)} bpp`, frameStrip(row.kind, 0)],
    ],
    every: 3,
    scale: 2,
    format: "png",
  });
}

function lossesChart(row: ContentRow, history: readonly RunRecord[]): Chart {
  const own = history.filter(({ run }) => run?.startsWith(`${row.kind}:`));
  const names = [...new Set(own.map(({ run }) => run))];
  return lossChart({
    title: `Training, ${row.kind} clips`,
    label: "Loss: bits and weighed squared error",
    runs: names.map((name) => ({
      name: (name ?? "").replace(`${row.kind}: `, ""),
      history: own.filter(({ run, kind }) => run === name && kind === "epoch"),
    })),
  });
}
