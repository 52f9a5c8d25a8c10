/**
 * The figures of sections that train autoencoders, drawn without TensorFlow.
 *
 * @module
 */

import { lossChart, photoGrid } from "@/charts/mod.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure, SectionResult } from "@/experiment/types.ts";
import type { AutoencoderMetrics, AutoencoderSettings } from "./types.ts";

/**
 * The file of photos out of a run's network.
 *
 * @param folder The section's folder.
 * @param run The run's name.
 * @param epoch After which epoch.
 * @returns Its path.
 */
export function stripPath(
  folder: string,
  run: string,
  epoch: "first" | "last",
): string {
  return `${folder}/${slugOf(run)}_${epoch}.webp`;
}

function slugOf(run: string): string {
  return run.replaceAll(" ", "_").toLowerCase();
}

/**
 * The write-up's figure for each network, and the loss graph of both.
 *
 * @param result From the section.
 * @param folder The section's folder.
 * @returns The figures.
 */
export async function autoencoderFigures(
  { settings, history, metrics }: SectionResult<
    AutoencoderSettings,
    AutoencoderMetrics
  >,
  folder: string,
): Promise<Figure[]> {
  const original = await readStrip(`${folder}/original.webp`);
  const figures: Figure[] = [];
  for (const { run } of metrics.models) {
    const epochs = Math.max(
      ...history.map((record) => record.run === run ? record.epoch : 1),
    );
    const rows = (["first", "last"] as const).map(async (which) => ({
      label: `After epoch ${which === "first" ? 1 : epochs}`,
      photos: await readStrip(stripPath(folder, run, which)),
    }));
    figures.push({
      name: `${slugOf(run)}_photos`,
      alt:
        `Originals over reconstructions of the ${run} network after epoch 1 and epoch ${epochs}`,
      photos: await photoGrid({
        title: `Test photos through the ${run} network`,
        rows: [
          { label: "Original", photos: original },
          ...await Promise.all(rows),
        ],
        columns: metrics.examples,
        scale: settings.size === "medium" ? 1 : 0.5,
        format: "jpeg",
      }),
    });
  }
  figures.push({
    name: "loss",
    chart: lossChart({
      title: `Loss of the ${settings.size} networks`,
      label: "Mean squared error",
      runs: metrics.models.map(({ run }) => ({
        name: run,
        history: history.filter((record) => record.run === run),
      })),
    }),
  });
  return figures;
}
