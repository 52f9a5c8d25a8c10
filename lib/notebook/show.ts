/**
 * Shows a figure, a chart, a picture, a table or text below the running cell.
 *
 * @module
 */
import { type Chart, chartAlt, type Table } from "@/charts/mod.ts";
import type { Figure } from "@/experiment/types.ts";
import {
  chartBundle,
  type Display,
  jupyterDisplay,
  pictureBundle,
  tableBundle,
} from "./display.ts";

/** A PNG or JPEG file and what a reader sees in it. */
export interface Picture {
  /** The file's bytes. */
  readonly photos: Uint8Array;
  /** Alt text. */
  readonly alt: string;
}

/** What {@linkcode show} can show; a string is Markdown. */
export type Showable = Figure | Chart | Picture | Table | string;

/**
 * Shows something below the running cell: a chart live in JupyterLab and as
 * SVG elsewhere, a table with every value escaped. Outside Jupyter it does
 * nothing.
 *
 * @param content What to show, or a promise of it.
 * @param display Where to show it.
 * @throws {TypeError} If the content is nothing that can be shown, or a picture
 * is neither PNG nor JPEG.
 * @throws {RangeError} If a table's row does not have one cell per column.
 * @throws {Error} If a chart's specification does not compile.
 */
export async function show(
  content: Showable | Promise<Showable>,
  display: Display | undefined = jupyterDisplay(),
): Promise<void> {
  const shown = await content;
  if (display === undefined) return;
  if (typeof shown === "string") {
    await display({ "text/markdown": shown, "text/plain": shown });
  } else if ("rows" in shown) {
    await display(tableBundle(shown as Table));
  } else if ("photos" in shown) {
    const { photos, alt } = shown as Picture;
    await display(pictureBundle(photos, alt), { alt });
  } else {
    const chart = "chart" in shown ? shown.chart : shown;
    if (!isChart(chart)) {
      throw new TypeError(
        "Only a figure, chart, picture, table or Markdown text can be shown, " +
          `not ${Deno.inspect(shown, { depth: 0 })}.`,
      );
    }
    await display(await chartBundle(chart), { alt: chartAlt(chart) });
  }
}

function isChart(value: unknown): value is Chart {
  return typeof value === "object" && value !== null && "$schema" in value;
}
