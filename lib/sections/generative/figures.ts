/**
 * The figures of *generative*, drawn without TensorFlow.
 *
 * @module
 */

import {
  type Chart,
  lossChart,
  type LossRun,
  planeChart,
  rateChart,
} from "@/charts/mod.ts";
import { drawStrips } from "@/experiment/figures.ts";
import { capitalized } from "@/experiment/number_words.ts";
import type { Figures } from "@/experiment/types.ts";
import { mean } from "@/metrics/mod.ts";
import {
  type ShownPart,
  wholeOnes,
} from "@/sections/super_resolution/types.ts";
import { sharpnessChart } from "@/sections/super_resolution/figures.ts";
import type { RunRecord } from "@/training/records.ts";
import {
  type GenerativeMetrics,
  type GenerativeResult,
  type GenerativeStrip,
  generativeStrip,
  generativeTitle,
  type GenerativeWay,
  storedTitle,
} from "./types.ts";

const compared: readonly GenerativeStrip[] = [
  "original",
  "Lanczos",
  "least error",
  "adversarial",
  "drawn",
];

const draws: readonly GenerativeStrip[] = [
  "original",
  "least error",
  "mean of draws",
  "drawn",
  "second draw",
  "third draw",
  "deviation",
  "error",
];

/** Labels of what is no way. */
const others: Partial<Record<GenerativeStrip, string>> = {
  original: "original",
  "second draw": "another draw",
  "third draw": "a third draw",
  deviation: "deviation of draws",
  error: "error of their mean",
  unstable: "unstable training",
};

/**
 * The plane of perception and distortion, enlarged squares, whole photos, the
 * draws, and the losses.
 *
 * @param result The section's result.
 * @param folder Where the result's photos are.
 * @returns The figures by name.
 */
export function generativeFigures(
  { history, metrics }: GenerativeResult,
  folder: string,
): Figures {
  const { examples, unstable } = metrics;
  const grid = (
    title: string,
    shown: readonly GenerativeStrip[],
    { part = "details", every = 1 }: {
      readonly part?: ShownPart;
      readonly every?: number;
    } = {},
  ) =>
  () =>
    drawStrips(folder, {
      title,
      alt: `${part === "details" ? "Squares of" : "Whole"} test photos: ${
        shown.map(label).join("; ").replaceAll("\n", " ")
      }`,
      columns: part === "details" ? examples : wholeOnes(examples),
      every,
      rows: shown.map((row) => [label(row), generativeStrip(row, part)]),
      scale: part === "details" ? 2 : 1,
    });
  return {
    plane: () => ({ chart: planeOf(metrics) }),
    details: grid("Where interpolation has the largest error", compared),
    photos: grid("High images", compared, { part: "photos" }),
    draws: grid("Several high images of one medium image", draws, {
      every: 2,
    }),
    ...unstable.quality === null ? {} : {
      unstable: grid("Training that holds, and training that does not", [
        "original",
        "adversarial",
        "unstable",
      ], { every: 2 }),
    },
    sharpness: () => ({
      chart: sharpnessChart(
        metrics.ways.map(({ way, sharpness }) => ({
          name: generativeTitle(way),
          sharpness,
        })),
      ),
    }),
    adversaries: () => ({ chart: adversariesChart(history) }),
    sampler: () => ({ chart: samplerChart(history) }),
    stored_psnr: () => ({ chart: storedChart(metrics) }),
    stored_plane: () => ({ chart: storedPlane(metrics) }),
  };
}

/** A row's label on several lines. */
function label(row: GenerativeStrip): string {
  const title = others[row] ?? generativeTitle(row as GenerativeWay);
  return capitalized(title.replace(" ", "\n"));
}

function planeOf({ ways, noise }: GenerativeMetrics): Chart {
  return planeChart({
    title: "Close to the original, or like a photo",
    subtitle: "Right: closer to the original. Down: more like originals, as " +
      "a set of patches",
    xLabel: "PSNR (dB)",
    yLabel: "Kernel distance of patches, square root scale",
    points: ways.map(({ way, psnrDb, patches }) => ({
      name: generativeTitle(way),
      x: psnrDb,
      y: patches.distance,
    })),
    floor: {
      value: 2 * noise.spread,
      text: "twice the deviation of originals among themselves",
    },
  });
}

/** Both sides' losses. */
function adversariesChart(history: readonly RunRecord[]): Chart {
  const names = [...new Set(history.map(({ run }) => run))]
    .filter((name) => name.startsWith("adversarial, "));
  const sides = [["critic", "judge"], ["maker", "adversarial"]] as const;
  return lossChart({
    title: "The two sides of adversarial training",
    label: "Loss; ln 2 = 0.69 where the critic guesses",
    runs: names.flatMap((name) => {
      const own = history.filter(({ run }) => run === name);
      return sides.map(([side, part]) => ({
        name: `${name.replace("adversarial, ", "")}: ${side}`,
        history: partMeans(own, part),
      }));
    }),
  });
}

/** Steps of which a curve shows the mean. */
const AVERAGED = 25;

/** Means of a part of the loss: a single step is noisy. */
function partMeans(
  history: readonly RunRecord[],
  part: string,
): LossRun["history"] {
  const steps = history.flatMap((record) =>
    record.kind === "step" ? [record] : []
  );
  return steps.flatMap(({ step }, i) => {
    if ((i + 1) % AVERAGED !== 0 && i + 1 < steps.length) return [];
    const last = steps.slice(Math.max(0, i + 1 - AVERAGED), i + 1);
    const loss = mean(last.map(({ parts, loss }) => parts?.[part] ?? loss));
    return [{ kind: "step" as const, step, loss }];
  });
}

function samplerChart(history: readonly RunRecord[]): Chart {
  const own = history.filter(({ run }) => run === "draws");
  return lossChart({
    title: "Training of the network that draws",
    label: "Squared error of the direction",
    runs: [{
      name: "draws",
      history: [
        ...partMeans(own, "loss"),
        ...own.flatMap((record) => record.kind === "epoch" ? [record] : []),
      ],
    }],
  });
}

function storedChart({ stored }: GenerativeMetrics): Chart {
  return rateChart({
    title: "The high image from a stored file",
    points: stored.rows.map(({ way, bitsPerPixel, psnrDb }) => ({
      codec: storedTitle(way),
      bpp: bitsPerPixel,
      psnrDb,
    })),
    ours: [storedTitle("one draw, trained on files")],
  });
}

function storedPlane({ stored }: GenerativeMetrics): Chart {
  return planeChart({
    title: "The same files: close to the original, or like a photo",
    subtitle: "One point for each quality",
    xLabel: "PSNR (dB)",
    yLabel: "Kernel distance of patches, square root scale",
    points: stored.rows.map(({ way, psnrDb, distance }) => ({
      name: storedTitle(way),
      x: psnrDb,
      y: distance,
    })),
  });
}
