/**
 * The figures of *attempted fixes*, drawn without TensorFlow.
 *
 * @module
 */

import { barChart, type Chart, photoGrid } from "@/charts/mod.ts";
import type { AttemptedFixesMetrics, AttemptedFixesSettings } from "./mod.ts";
import { fixStrip, fixTitle } from "./names.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure, SectionResult } from "@/experiment/types.ts";

type Result = SectionResult<AttemptedFixesSettings, AttemptedFixesMetrics>;

/** Fixes as photos and as bars, then ours as photos and as gains. */
export async function attemptedFixesFigures(
  result: Result,
  folder: string,
): Promise<Figure[]> {
  const { metrics } = result;
  const { fixes, fix, examples } = metrics;
  const grid = async (
    title: string,
    files: readonly (readonly [string, string])[],
    every = 1,
  ) => {
    const some = <Item>(items: readonly Item[]) =>
      items.filter((_, i) => i % every === 0);
    const rows = await Promise.all(files.map(async ([label, file]) => ({
      label,
      photos: some(await readStrip(`${folder}/${file}`)),
    })));
    const columns = some(examples);
    return await photoGrid({ title, columns, rows, format: "jpeg" });
  };
  return [
    {
      name: "fixes_photos",
      alt:
        "Test photos over what the medium decoder makes of their high codes, without a fix and with each of the write-up's",
      photos: await grid("Medium images from high codes, convolutional", [
        ["Original", "original.webp"],
        ...fixes.map(({ fix }) =>
          [wrapped(fixTitle(fix)), fixStrip(fix)] as const
        ),
      ], 2),
    },
    { name: "fixes", chart: fixesChart(metrics) },
    {
      name: "one_code_photos",
      alt:
        "Test photos: original, medium network on its own code, high image scaled down, and medium images from the high code by the adapter and by joint training",
      photos: await grid("Medium images, our networks", [
        ["Original", "original.webp"],
        ["Medium network,\nits own code", "alone_own.webp"],
        ["High decoded,\nscaled down", "alone_scaled_down.webp"],
        ["Adapter", "adapter.webp"],
        [fix.way, "fix.webp"],
      ]),
    },
    { name: "medium_gain", chart: mediumGainChart(metrics) },
    { name: "high_gain", chart: highGainChart(result) },
  ];
}

function fixesChart({ fixes }: AttemptedFixesMetrics): Chart {
  const none = fixes.find(({ fix }) => fix === "none");
  const unfixed = none?.runs ?? [];
  const own = unfixed.flatMap(({ mediumOwnDb }) => mediumOwnDb ?? []);
  return barChart({
    title: "The medium image from the high code, under five fixes",
    label: "PSNR (dB)",
    bars: [
      ...fixes.map(({ fix, runs }) => ({
        name: fixTitle(fix),
        values: runs.map(({ mediumFromHighDb }) => mediumFromHighDb),
      })),
      ...none === undefined ? [] : [
        { name: "no fix: medium, its own code", values: own },
        {
          name: "no fix: high decoded, scaled down",
          values: unfixed.map(({ highScaledDownDb }) => highScaledDownDb),
        },
      ],
    ],
  });
}

/** Differences of tenths would not show on bars of 30 dB. */
function mediumGainChart({ alone, frontier }: AttemptedFixesMetrics): Chart {
  const gain = (name: string, decibels: number) => ({
    name,
    values: [decibels - alone.mediumOwnDb],
  });
  return barChart({
    title: "The medium image from one code, against its own code",
    label: "PSNR above the medium network on its own code (dB)",
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

/** The first bar is what may be lost: it gives the others their measure. */
function highGainChart(
  { metrics: { alone, frontier }, settings: { highMayLoseDb } }: Result,
): Chart {
  return barChart({
    title: "What the high image gains or loses for it",
    label: "PSNR above the high network alone (dB)",
    digits: 3,
    bars: [
      { name: "what it may lose", values: [-highMayLoseDb] },
      ...frontier.map(({ way, test }) => ({
        name: way,
        values: [test.highDb - alone.highDb],
      })),
    ],
  });
}

function wrapped(title: string): string {
  return title.replace(" from ", "\nfrom ");
}
