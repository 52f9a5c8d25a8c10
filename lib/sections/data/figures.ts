/**
 * The figures of section *data*, drawn without TensorFlow.
 *
 * @module
 */

import { histogramChart, photoGrid } from "@/charts/mod.ts";
import type { DataMetrics, DataSettings } from "./types.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure, SectionResult } from "@/experiment/types.ts";

/**
 * Example pairs, and the histogram of the channels.
 *
 * @param result From the section.
 * @param folder The section's folder.
 * @returns The figures.
 */
export async function dataFigures(
  { metrics, settings }: SectionResult<DataSettings, DataMetrics>,
  folder: string,
): Promise<Figure[]> {
  const { red, green, blue } = metrics.values;
  const { highSize, mediumSize } = settings;
  const unit = (values: readonly number[]) => values.map((v) => v / 255);
  return [
    {
      name: "pairs",
      alt: `Pairs of a high and a medium image: ${metrics.examples.join(", ")}`,
      photos: await photoGrid({
        rows: [
          {
            label: `High\n${highSize} × ${highSize}`,
            photos: await readStrip(`${folder}/high.webp`),
          },
          {
            label: `Medium\n${mediumSize} × ${mediumSize}`,
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
