/**
 * Figures as files beside the result that they are drawn from.
 *
 * @module
 */

import { chartSvg } from "@/charts/mod.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import type { Figure } from "./section.ts";

/** A figure that was written. */
export interface FigureFile {
  /** Its path. */
  readonly path: string;
  /** What it shows, in words. */
  readonly alt: string;
}

/**
 * Writes figures into `<folder>/figures/`: charts as SVG, photos as JPEG or
 * PNG.
 *
 * @param folder Such as `results/medium_training`.
 */
export async function writeFigures(
  folder: string,
  figures: readonly Figure[],
): Promise<FigureFile[]> {
  const files: FigureFile[] = [];
  for (const figure of figures) {
    const start = `${folder}/figures/${figure.name}`;
    if ("chart" in figure) {
      const path = `${start}.svg`;
      await atomicWrite(path, await chartSvg(figure.chart));
      files.push({ path, alt: figure.chart.description });
    } else {
      const png = figure.photos[0] === 0x89;
      const path = `${start}.${png ? "png" : "jpg"}`;
      await atomicWrite(path, figure.photos);
      files.push({ path, alt: figure.alt });
    }
  }
  return files;
}
