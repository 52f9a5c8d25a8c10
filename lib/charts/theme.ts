/**
 * The look of every chart: quiet axes, dark text on a white card, left-aligned
 * titles, and the project's font with a fallback of the same letter widths.
 *
 * @module
 */
import { ink, palette } from "./palette.ts";

/**
 * Font list of the charts. DejaVu Sans comes with the project and sets the
 * layout; Verdana, from which its widths derive, stands in where it is missing.
 */
export const chartFont = "DejaVu Sans, Verdana, sans-serif";

/** Vega-Lite configuration shared by every chart. */
export const theme: Readonly<Record<string, unknown>> = {
  background: ink.paper,
  padding: 12,
  font: chartFont,
  view: { stroke: null },
  title: {
    anchor: "start",
    frame: "bounds",
    color: ink.text,
    fontSize: 14,
    fontWeight: "bold",
    subtitleColor: ink.faint,
    subtitleFontSize: 11,
    subtitlePadding: 4,
    offset: 12,
  },
  axis: {
    domainColor: ink.faint,
    gridColor: ink.line,
    tickColor: ink.faint,
    labelColor: ink.text,
    labelFontSize: 11,
    labelPadding: 4,
    titleColor: ink.text,
    titleFontSize: 11,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  axisX: { grid: false },
  axisY: { domain: false, ticks: false },
  legend: {
    orient: "bottom",
    direction: "horizontal",
    columns: 4,
    labelColor: ink.text,
    labelFontSize: 11,
    labelLimit: 260,
    symbolStrokeWidth: 2,
    symbolSize: 70,
    title: null,
    columnPadding: 18,
    offset: 12,
  },
  range: { category: [...palette] },
};
