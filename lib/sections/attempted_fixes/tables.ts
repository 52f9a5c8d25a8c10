/**
 * The tables of *attempted fixes*; needs no TensorFlow.
 *
 * @module
 */

import type { Table } from "@/charts/mod.ts";
import { deviation, mean } from "@/metrics/mod.ts";
import { type AttemptedFixesMetrics, fixTitle } from "./types.ts";

/**
 * No fix and the write-up's fixes: means over the seeds, and one standard
 * deviation of the medium image's quality.
 *
 * @param metrics From the section's result.
 */
export function fixesTable({ fixes }: AttemptedFixesMetrics): Table {
  const seeds = fixes[0]?.runs.length ?? 0;
  return {
    caption: "The write-up's fixes: mean PSNR in dB over the test photos " +
      `and ${seeds} ${
        seeds === 1 ? "seed" : "seeds"
      }, ± one standard deviation`,
    columns: [
      { title: "" },
      { title: "Medium from the high code", digits: 2 },
      { title: "±", digits: 2 },
      { title: "Medium, own code", digits: 2 },
      { title: "High, scaled down", digits: 2 },
      { title: "High", digits: 2 },
      { title: "Weights", digits: 0 },
    ],
    rows: fixes.map(({ fix, runs }) => {
      const fromHigh = runs.map((run) => run.mediumFromHighDb);
      const own = runs.flatMap((run) => run.mediumOwnDb ?? []);
      return [
        fixTitle(fix),
        mean(fromHigh),
        deviation(fromHigh),
        own.length === 0 ? null : mean(own),
        mean(runs.map((run) => run.highScaledDownDb)),
        mean(runs.map((run) => run.highDb)),
        runs[0]!.mediumParameters + runs[0]!.highParameters,
      ];
    }),
  };
}

/**
 * Both networks alone, and the ways to have one code for both images.
 *
 * @param metrics From the section's result.
 */
export function oneCodeTable(
  { alone, frontier }: AttemptedFixesMetrics,
): Table {
  return {
    caption: "One code for both images: mean PSNR in dB over the test photos",
    columns: [
      { title: "" },
      { title: "Medium from the high code", digits: 2 },
      { title: "Medium, own code", digits: 2 },
      { title: "High, scaled down", digits: 2 },
      { title: "High", digits: 2 },
      { title: "Weights of the medium decoder", digits: 0 },
    ],
    rows: [
      [
        "two networks, two codes",
        null,
        alone.mediumOwnDb,
        alone.highScaledDownDb,
        alone.highDb,
        null,
      ],
      ...frontier.map(({ way, test, parameters }) => [
        way,
        test.mediumFromHighDb,
        null,
        test.highScaledDownDb,
        test.highDb,
        parameters,
      ]),
    ],
  };
}
