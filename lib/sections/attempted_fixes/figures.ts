/**
 * The figures of *attempted fixes*, drawn without TensorFlow.
 *
 * @module
 */

import { barChart, type Chart } from "@/charts/mod.ts";
import { drawStrips } from "@/experiment/figures.ts";
import type { Figures } from "@/experiment/types.ts";
import {
  type AttemptedFixesMetrics,
  type AttemptedFixesResult,
  fixStrip,
  fixTitle,
} from "./types.ts";

/**
 * The fixes as bars and as photos, then our networks as photos and as gains.
 *
 * @param result The section's result.
 * @param folder Where the result's photos are.
 * @returns The figures by name.
 */
export function attemptedFixesFigures(
  { metrics, settings: { highMayLoseDb } }: AttemptedFixesResult,
  folder: string,
): Figures {
  const { fixes, fix, examples } = metrics;
  return {
    fixes_photos: () =>
      drawStrips(folder, {
        title: "Medium images from high codes, convolutional networks",
        alt:
          "Test photos over what the medium decoder makes of their high codes, without a fix and with each of the write-up's",
        columns: examples,
        rows: [
          ["Original", "original.webp"],
          ...fixes.map(({ fix }) =>
            [
              fixTitle(fix).replace(" from ", "\nfrom "),
              fixStrip(fix),
            ] as const
          ),
        ],
        every: 2,
      }),
    fixes: () => ({ chart: fixesChart(metrics) }),
    one_code_photos: () =>
      drawStrips(folder, {
        title: "Medium images from our networks",
        alt:
          "Test photos: original, medium network on its own code, high image scaled down, and medium images from the high code by the adapter and by joint training",
        columns: examples,
        rows: [
          ["Original", "original.webp"],
          ["Medium network,\nits own code", "alone_own.webp"],
          ["High decoded,\nscaled down", "alone_scaled_down.webp"],
          ["Adapter", "adapter.webp"],
          [fix.way, "fix.webp"],
        ],
      }),
    medium_gain: () => ({ chart: mediumGainChart(metrics) }),
    high_gain: () => ({ chart: highGainChart(metrics, highMayLoseDb) }),
  };
}

function fixesChart({ fixes }: AttemptedFixesMetrics): Chart {
  const none = fixes.find(({ fix }) => fix === "none")?.runs;
  const bars = fixes.map(({ fix, runs }) => ({
    name: fixTitle(fix),
    values: runs.map(({ mediumFromHighDb }) => mediumFromHighDb),
  }));
  if (none !== undefined) {
    bars.push({
      name: "no fix: medium, own code",
      values: none.flatMap(({ mediumOwnDb }) => mediumOwnDb ?? []),
    }, {
      name: "no fix: high decoded, scaled down",
      values: none.map(({ highScaledDownDb }) => highScaledDownDb),
    });
  }
  return barChart({
    title: "The medium image from the high code, with five fixes",
    label: "PSNR (dB)",
    bars,
  });
}

/** Differences of tenths would not show on bars of 30 dB. */
function mediumGainChart({ alone, frontier }: AttemptedFixesMetrics): Chart {
  const gain = (name: string, decibels: number) => ({
    name,
    values: [decibels - alone.mediumOwnDb],
  });
  return barChart({
    title: "The medium image from one code, compared with its own code",
    label: "PSNR gain over the medium network on its own code (dB)",
    bars: [
      gain("high network alone, scaled down", alone.highScaledDownDb),
      ...frontier.map(({ way, test }) => gain(way, test.mediumFromHighDb)),
      ...frontier.filter(({ mediumWeight }) => mediumWeight !== null)
        .map(({ way, test }) =>
          gain(`${way}, high scaled down`, test.highScaledDownDb)
        ),
    ],
  });
}

/** The first bar, the loss that is allowed, is what to compare with. */
function highGainChart(
  { alone, frontier }: AttemptedFixesMetrics,
  highMayLoseDb: number,
): Chart {
  return barChart({
    title: "What the high image gains or loses in return",
    label: "PSNR gain over the high network alone (dB)",
    digits: 3,
    bars: [
      { name: "allowed loss", values: [-highMayLoseDb] },
      ...frontier.map(({ way, test }) => ({
        name: way,
        values: [test.highDb - alone.highDb],
      })),
    ],
  });
}
