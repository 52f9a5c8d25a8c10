/**
 * The figures of section *data*, drawn without TensorFlow.
 *
 * @module
 */

import { histogramChart } from "@/charts/mod.ts";
import { drawStrips } from "@/experiment/figures.ts";
import type { Figures } from "@/experiment/types.ts";
import type { DataResult } from "./types.ts";

/**
 * Example pairs, and the histogram of the channels.
 *
 * @param result The section's result.
 * @param folder Where the result's photos are.
 * @returns The figures by name.
 */
export function dataFigures(
  { metrics, settings }: DataResult,
  folder: string,
): Figures {
  const { examples, values } = metrics;
  const { highSize, mediumSize } = settings;
  const unit = (values: readonly number[]) => values.map((v) => v / 255);
  return {
    pairs: () =>
      drawStrips(folder, {
        alt: `Pairs of a high and a medium image: ${examples.join(", ")}`,
        columns: examples,
        rows: [
          [`High\n${highSize} × ${highSize}`, "high.webp"],
          [`Medium\n${mediumSize} × ${mediumSize}`, "medium.webp"],
        ],
        scale: 0.5,
      }),
    channels: () => ({
      chart: histogramChart({
        title: "Values of the medium training images",
        label: "Value",
        bins: 32,
        // The palette begins with a blue, a red and a green.
        groups: ([["red", 1], ["green", 2], ["blue", 0]] as const)
          .map(([name, color]) => ({
            name,
            color,
            values: unit(values[name]),
          })),
      }),
    }),
  };
}
