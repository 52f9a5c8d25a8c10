/**
 * A chart on a page: the picture, which needs no script, its numbers as a
 * table, and the specification from which a script draws it live.
 *
 * @module
 */
import {
  type Chart,
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
  return [
    `<figure class="chart">`,
    `<div class="chart-picture">`,
    scrollBox(pagePicture(svg, id), "Chart"),
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

/**
 * Several pictures in one page must not share the names of their parts, and a
 * screen reader reads the alt text, not the marks.
 */
function pagePicture(svg: string, id: string): string {
  return svg
    .replace("<g ", '<g aria-hidden="true" ')
    .replace(/ id="([^"]*)"/g, (_, name) => ` id="${id}-${name}"`)
    .replace(/url\(#([^)]*)\)/g, (_, name) => `url(#${id}-${name})`);
}

/** JSON that cannot end the script element that it stands in. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
