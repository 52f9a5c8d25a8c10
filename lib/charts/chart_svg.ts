/**
 * A chart as SVG text, the same on every machine.
 *
 * @module
 */
import { chartAlt } from "./chart_alt.ts";
import type { Chart } from "./chart.ts";
import { chartView } from "./chart_view.ts";
import { escapeHtml } from "./escape_html.ts";

/**
 * Draw a chart as SVG, with the alt text as its accessible name.
 *
 * @param spec A chart of this room, or any Vega-Lite 5 specification with a
 * description and its data inside.
 * @returns SVG text of one root element.
 * @throws {Error} When the specification does not compile.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { barChart, chartSvg } from "./mod.ts";
 *
 * const svg = await chartSvg(barChart({
 *   title: "Fixes",
 *   label: "PSNR (dB)",
 *   bars: [{ name: "normalised", values: [21.2, 21.6] }],
 * }));
 * assert(svg.startsWith("<svg"));
 * ```
 */
export async function chartSvg(spec: Chart): Promise<string> {
  const view = chartView(spec);
  try {
    const svg = await view.toSVG();
    const name = escapeHtml(chartAlt(spec));
    return roundPlaces(svg)
      .replace("<svg ", () => `<svg role="img" aria-label="${name}" `);
  } finally {
    view.finalize();
  }
}

/** Last digits of a place can differ between versions of a JavaScript engine. */
function roundPlaces(svg: string): string {
  const places = / (?:transform|d|x|y|x1|x2|y1|y2)="[^"]*"/g;
  const long = /-?\d+\.\d{3,}(?:e-?\d+)?/g;
  return svg.replace(
    places,
    (attribute) =>
      attribute.replace(
        long,
        (number) => String(Math.round(Number(number) * 100) / 100 + 0),
      ),
  );
}
