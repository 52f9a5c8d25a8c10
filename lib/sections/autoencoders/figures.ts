/**
 * The figures of sections that train autoencoders, drawn without TensorFlow.
 *
 * @module
 */

import { lossChart } from "@/charts/mod.ts";
import { drawStrips } from "@/experiment/figures.ts";
import type { Figures } from "@/experiment/types.ts";
import type { AutoencoderResult } from "./types.ts";

/**
 * The name of the strip of a network's test photos in the section's folder.
 *
 * @param run The run's name.
 * @param epoch After which epoch.
 */
export function networkStrip(run: string, epoch: "first" | "last"): string {
  return `${slugOf(run)}_${epoch}.webp`;
}

function slugOf(run: string): string {
  return run.replaceAll(" ", "_").toLowerCase();
}

/**
 * The write-up's figure for each network, and the loss graph of both.
 *
 * @param result The section's result.
 * @param folder Where the result's photos are.
 * @returns The figures by name.
 */
export function autoencoderFigures(
  { settings, history, metrics }: AutoencoderResult,
  folder: string,
): Figures {
  const { size } = settings;
  const { models, examples } = metrics;
  const losses = (run: string) =>
    history.filter((record) => record.run === run);
  const photos = models.map(({ run }) => {
    const epochs = Math.max(1, ...losses(run).map(({ epoch }) => epoch));
    const draw = () =>
      drawStrips(folder, {
        title: `Test photos through the ${run} network`,
        alt:
          `Originals over reconstructions of the ${run} network after epoch 1 and epoch ${epochs}`,
        columns: examples,
        rows: [
          ["Original", "original.webp"],
          ["After epoch 1", networkStrip(run, "first")],
          [`After epoch ${epochs}`, networkStrip(run, "last")],
        ],
        scale: size === "medium" ? 1 : 0.5,
      });
    return [`${slugOf(run)}_photos`, draw] as const;
  });
  return {
    ...Object.fromEntries(photos),
    loss: () => ({
      chart: lossChart({
        title: `Loss of the ${size} networks`,
        label: "Mean squared error",
        runs: models.map(({ run }) => ({ name: run, history: losses(run) })),
      }),
    }),
  };
}
