/**
 * The numbers of a chart as a table, for readers who cannot see the chart or
 * want the values.
 *
 * @module
 */
import type { Chart } from "./chart.ts";
import { type ChartAxes, chartAxes, chartRows } from "./chart_axes.ts";
import type { Column, Table, TableCell } from "./table.ts";

type Row = Readonly<Record<string, unknown>>;

/**
 * Writes the data of a chart as a table. Each bar becomes a row with the text
 * that stands beside it. Curves become a row for each place on the horizontal
 * axis and a column for each curve. For any other chart, all fields are listed.
 *
 * @param chart A chart with its data inside.
 * @returns All values that the chart shows, with its title as the caption.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { barChart, chartTable } from "./mod.ts";
 *
 * const bars = [{ name: "a", values: [1.5] }, { name: "b", values: [2, 4] }];
 * const table = chartTable(barChart({ title: "Fixes", label: "dB", bars }));
 * assertEquals(table.rows, [["a", "1.50"], ["b", "3.00 ± 1.41"]]);
 * ```
 */
export function chartTable(chart: Chart): Table {
  const rows = chartRows(chart);
  const axes = chartAxes(chart);
  const caption = chart.title.text;
  if (axes.x && axes.y && axes.text) return barTable(caption, rows, axes);
  if (axes.x && axes.y) return curveTable(caption, rows, axes);
  return plainTable(caption, rows);
}

function barTable(caption: string, rows: Row[], axes: ChartAxes): Table {
  const { x, y, text } = axes as Required<ChartAxes>;
  const [name, value] = y.type === "nominal" ? [y, x] : [x, y];
  return {
    caption,
    columns: [{ title: name.title || "Name" }, { title: value.title }],
    rows: rows.map((row) => [cell(row[name.field]), cell(row[text.field])]),
  };
}

function curveTable(caption: string, rows: Row[], axes: ChartAxes): Table {
  const { x, y, series } = axes as Required<ChartAxes>;
  const nameOf = (row: Row) =>
    series.map((field) => String(row[field])).join(", ") || y.title;
  const names = [...new Set(rows.map(nameOf))];
  const places = [...new Set(rows.map((row) => Number(row[x.field])))]
    .toSorted((a, b) => a - b);
  const values = new Map(
    rows.map((row) => [`${nameOf(row)}\n${row[x.field]}`, cell(row[y.field])]),
  );
  return {
    caption: `${caption}: ${y.title}`,
    columns: [{ title: x.title }, ...names.map((title): Column => ({ title }))],
    rows: places.map((place) => [
      place,
      ...names.map((name) => values.get(`${name}\n${place}`) ?? null),
    ]),
  };
}

function plainTable(caption: string, rows: Row[]): Table {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    caption,
    columns: fields.map((title) => ({ title })),
    rows: rows.map((row) => fields.map((field) => cell(row[field]))),
  };
}

function cell(value: unknown): TableCell {
  if (value === null || value === undefined) return null;
  return typeof value === "number" ? value : String(value);
}
