/**
 * Charts, photos and tables in the formats that a notebook's readers know:
 * JupyterLab takes the live chart, other pages take the picture, a terminal
 * takes the words.
 *
 * @module
 */
import {
  type Chart,
  chartAlt,
  chartSvg,
  type Table,
  tableHtml,
  tableMarkdown,
} from "@/charts/mod.ts";
import type { Bundle } from "./display.ts";

/**
 * A chart, live and as SVG.
 *
 * @throws {Error} When the specification does not compile.
 */
export async function chartBundle(chart: Chart): Promise<Bundle> {
  return {
    "application/vnd.vegalite.v5+json": chart,
    ...await chartPictureBundle(chart),
  };
}

/**
 * A chart as SVG alone, for charts that change: redrawing a live chart
 * flickers.
 *
 * @throws {Error} When the specification does not compile.
 */
export async function chartPictureBundle(chart: Chart): Promise<Bundle> {
  return {
    "image/svg+xml": await chartSvg(chart),
    "text/plain": chartAlt(chart),
  };
}

/**
 * A picture.
 *
 * @param bytes A PNG or JPEG file.
 * @param alt Alt text.
 * @throws {TypeError} When the bytes are neither.
 */
export function pictureBundle(bytes: Uint8Array, alt: string): Bundle {
  return { [pictureType(bytes)]: bytes.toBase64(), "text/plain": alt };
}

/**
 * A table as HTML and Markdown, which is also its plain text.
 *
 * @throws {RangeError} When a row has not one cell a column.
 */
export function tableBundle(table: Table): Bundle {
  return { "text/html": tableHtml(table), "text/plain": tableMarkdown(table) };
}

function pictureType(bytes: Uint8Array): "image/png" | "image/jpeg" {
  const start = bytes.subarray(0, 4).toHex();
  if (start === "89504e47") return "image/png";
  if (start.startsWith("ffd8ff")) return "image/jpeg";
  throw new TypeError(
    `Only PNG and JPEG files can be shown, not one that starts with "${start}"`,
  );
}
