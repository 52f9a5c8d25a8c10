/**
 * Show a chart, photos, a table or text below the running cell. Outside Jupyter
 * these functions do nothing.
 *
 * @module
 */
import { type Chart, chartAlt, type Table } from "@/charts/mod.ts";
import { chartBundle, pictureBundle, tableBundle } from "./bundles.ts";
import { type Display, jupyterDisplay } from "./display.ts";

/**
 * Show a chart: live in JupyterLab, as SVG in converted notebooks.
 *
 * @param chart Any chart of `@/charts/mod.ts`.
 * @param display Where to show it.
 * @throws {Error} When the specification does not compile.
 */
export async function show(
  chart: Chart,
  display: Display | undefined = jupyterDisplay(),
): Promise<void> {
  await display?.(await chartBundle(chart), { alt: chartAlt(chart) });
}

/**
 * Show a picture, such as a photo grid.
 *
 * @param bytes A PNG or JPEG file.
 * @param alt Alt text: what a reader would see.
 * @param display Where to show it.
 * @throws {TypeError} When the bytes are neither PNG nor JPEG.
 */
export async function showPhotos(
  bytes: Uint8Array,
  alt: string,
  display: Display | undefined = jupyterDisplay(),
): Promise<void> {
  await display?.(pictureBundle(bytes, alt), { alt });
}

/**
 * Show a table, every value escaped.
 *
 * @param table Columns and rows.
 * @param display Where to show it.
 * @throws {RangeError} When a row has not one cell a column.
 */
export async function showTable(
  table: Table,
  display: Display | undefined = jupyterDisplay(),
): Promise<void> {
  await display?.(tableBundle(table));
}

/**
 * Show text, for sentences whose numbers come from a result.
 *
 * @param markdown Markdown.
 * @param display Where to show it.
 */
export async function showText(
  markdown: string,
  display: Display | undefined = jupyterDisplay(),
): Promise<void> {
  await display?.({ "text/markdown": markdown, "text/plain": markdown });
}
