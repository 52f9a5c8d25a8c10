/**
 * Values under the pointer, for charts that are drawn live in a page.
 *
 * @module
 */
import type { Chart } from "./chart.ts";
import { type ChartAxes, chartAxes, chartLayers } from "./chart_axes.ts";

type Part = Readonly<Record<string, unknown>>;

/**
 * Adds a tooltip to a chart: for bars and points under the pointer, and for
 * curves at the nearest point, which is marked.
 *
 * @param chart A chart with its data inside.
 * @returns The same chart with a tooltip.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hoverChart, lossChart } from "./mod.ts";
 *
 * const chart = lossChart({ title: "Loss", runs: [] });
 * const layersOf = (spec: object) => (spec as { layer: unknown[] }).layer;
 * const added = layersOf(hoverChart(chart)).length - layersOf(chart).length;
 * assertEquals(added, 1);
 * ```
 */
export function hoverChart(chart: Chart): Chart {
  const axes = chartAxes(chart);
  const tooltip = tooltipFields(axes);
  if (tooltip.length === 0) return chart;
  if (!("layer" in chart)) return withTooltip(chart, tooltip) as Chart;
  const layers = chartLayers(chart);
  const curves = layers.some((layer) => ["line", "area"].includes(mark(layer)));
  const shown = curves
    ? [...layers.map(withoutTooltip), nearest(tooltip)]
    : layers.map((layer) => withTooltip(layer, tooltip));
  return { ...chart, layer: shown };
}

/** What the tooltip lists: first the name of the series, then its values. */
function tooltipFields({ x, y, text, series }: ChartAxes): Part[] {
  if (!x || !y) return [];
  const [name, value] = x.type === "nominal" ? [x, y] : [y, x];
  const shown = text ? [name, { ...text, title: value.title }] : [x, y];
  return [
    ...series.map((field) => ({ field, type: "nominal", title: field })),
    ...shown.map(({ field, title, type }) => ({
      field,
      title: title || field,
      type: type || "nominal",
    })),
  ];
}

function mark(layer: Part): string {
  const { mark } = layer as { mark?: string | { type?: string } };
  return typeof mark === "string" ? mark : mark?.type ?? "";
}

function withTooltip(layer: Part, tooltip: readonly Part[]): Part {
  const encoding = layer["encoding"] as Part | undefined;
  return { ...layer, encoding: { ...encoding, tooltip } };
}

function withoutTooltip(layer: Part): Part {
  const given = layer["mark"];
  const mark = typeof given === "string" ? { type: given } : given as Part;
  return { ...layer, mark: { ...mark, tooltip: false } };
}

/** Points on the curves, of which only the one nearest the pointer shows. */
function nearest(tooltip: readonly Part[]): Part {
  return {
    params: [{
      name: "hover",
      select: {
        type: "point",
        nearest: true,
        on: "pointerover",
        clear: "pointerout",
      },
    }],
    // A ring: a filled point would fill the symbols of the legend, too.
    mark: { type: "point", shape: "circle", size: 130, strokeWidth: 2.5 },
    encoding: {
      opacity: {
        condition: { param: "hover", empty: false, value: 1 },
        value: 0,
      },
      tooltip,
    },
  };
}
