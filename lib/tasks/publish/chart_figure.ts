/**
 * A chart on a page: the picture, which needs no script, its numbers as a
 * table, and the specification from which a script draws it live.
 *
 * @module
 */
import {
  type Chart,
  chartAlt,
  chartTable,
  escapeHtml,
  hoverChart,
  tableHtml,
} from "@/charts/mod.ts";
import { scrollBox } from "./scroll_box.ts";

/**
 * Write a chart as HTML.
 *
 * @param chart The specification.
 * @param svg Its picture.
 * @param id Tells it from the other charts of the page; a word.
 * @returns One `<figure>`.
 */
export function chartFigure(chart: Chart, svg: string, id: string): string {
  const alt = chartAlt(chart);
  return [
    `<figure class="chart">`,
    `<div class="chart-picture">`,
    scrollBox(ownIds(svg, id), `Chart: ${alt}`),
    `</div>`,
    `<details class="chart-numbers">`,
    `<summary>Numbers<span class="visually-hidden"> of the chart “${
      escapeHtml(chart.title.text)
    }”</span></summary>`,
    scrollBox(tableHtml(chartTable(chart)), `Table: ${chart.title.text}`),
    `</details>`,
    `<script type="application/json">${scriptJson(hoverChart(chart))}</script>`,
    `</figure>`,
  ].join("\n");
}

/** Several pictures in one page must not share the names of their parts. */
function ownIds(svg: string, id: string): string {
  return svg
    .replace(/ id="([^"]*)"/g, (_, name) => ` id="${id}-${name}"`)
    .replace(/url\(#([^)]*)\)/g, (_, name) => `url(#${id}-${name})`);
}

/** JSON that cannot end the script element that it stands in. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
