/**
 * The figures of section *data*, drawn without TensorFlow.
 *
 * @module
 */

import { histogramChart, photoGrid } from "@/charts/mod.ts";
import type { DataMetrics, DataSettings } from "./mod.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure, SectionResult } from "@/experiment/section.ts";

/** Example pairs, and the histogram of the channels. */
export async function dataFigures(
  { metrics }: SectionResult<DataSettings, DataMetrics>,
  folder: string,
): Promise<Figure[]> {
  const { red, green, blue } = metrics.values;
  const unit = (values: readonly number[]) => values.map((v) => v / 255);
  return [
    {
      name: "pairs",
      alt: `Pairs of a high and a medium image: ${metrics.examples.join(", ")}`,
      photos: await photoGrid({
        rows: [
          {
            label: "High\n344 × 344",
            photos: await readStrip(`${folder}/high.webp`),
          },
          {
            label: "Medium\n172 × 172",
            photos: await readStrip(`${folder}/medium.webp`),
          },
        ],
        columns: metrics.examples,
        scale: 0.5,
        format: "jpeg",
      }),
    },
    {
      name: "channels",
      chart: histogramChart({
        title: "Values of the medium training images",
        label: "Value",
        bins: 32,
        groups: [
          { name: "red", values: unit(red) },
          { name: "green", values: unit(green) },
          { name: "blue", values: unit(blue) },
        ],
      }),
    },
  ];
}
