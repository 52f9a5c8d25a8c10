/**
 * A chart as a PNG file, for pages that take no SVG.
 *
 * @module
 */
import { createCanvas } from "@napi-rs/canvas";
import type { Chart } from "./chart.ts";
import { chartView } from "./chart_view.ts";
import { fontFamily, loadFonts } from "./fonts.ts";

/**
 * Draw a chart as PNG with the project's own font.
 *
 * @param spec A chart of this room.
 * @param scale Pixels of the file a pixel of the chart, above 0.
 * @returns The bytes of a PNG file.
 * @throws {Error} When the specification does not compile.
 * @throws {RangeError} When the scale is not above 0.
 */
export async function chartPng(spec: Chart, scale = 2): Promise<Uint8Array> {
  if (!(scale > 0)) {
    throw new RangeError(`Cannot scale a chart by ${scale}: give more than 0`);
  }
  loadFonts();
  const config = { ...spec.config, font: fontFamily };
  const view = chartView({ ...spec, config });
  try {
    const [width, height] = svgSize(await view.toSVG());
    const canvas = createCanvas(
      Math.ceil(width * scale),
      Math.ceil(height * scale),
    );
    const externalContext = canvas.getContext("2d");
    await view.toCanvas(scale, { externalContext });
    return new Uint8Array(await canvas.encode("png"));
  } finally {
    view.finalize();
  }
}

/** Vega decides the size while it lays the chart out, and tells it here. */
function svgSize(svg: string): [width: number, height: number] {
  const size = (name: string) =>
    Number(svg.match(new RegExp(`<svg [^>]*\\b${name}="([\\d.]+)"`))?.[1]);
  return [size("width"), size("height")];
}
