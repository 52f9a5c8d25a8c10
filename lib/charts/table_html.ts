/**
 * A table as HTML.
 *
 * @module
 */
import { escapeHtml } from "./escape_html.ts";
import { cellText, checkTable, isNumeric, type Table } from "./table.ts";

/**
 * Write a table as HTML that a screen reader can walk: a caption, scoped
 * headings, every value escaped.
 *
 * @param table The table.
 * @returns One `<table>` element.
 * @throws {RangeError} When a row has not one cell a column.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { tableHtml } from "./mod.ts";
 *
 * const html = tableHtml({
 *   caption: "Quality",
 *   columns: [{ title: "Model" }, { title: "PSNR (dB)", digits: 1 }],
 *   rows: [["medium", 31.25]],
 * });
 * assert(html.includes(">Quality</caption>"));
 * ```
 */
export function tableHtml(table: Table): string {
  checkTable(table);
  const align = table.columns.map((_, index) =>
    isNumeric(table, index) ? "right" : "left"
  );
  const style = (index: number) => `style="text-align:${align[index]}"`;
  const head = table.columns.map(({ title }, index) =>
    `<th scope="col" ${style(index)}>${escapeHtml(title)}</th>`
  );
  const body = table.rows.map((row) => {
    const cells = table.columns.map((column, index) => {
      const text = escapeHtml(cellText(row[index] ?? null, column));
      return index === 0
        ? `<th scope="row" ${style(index)}>${text}</th>`
        : `<td ${style(index)}>${text}</td>`;
    });
    return `<tr>${cells.join("")}</tr>`;
  });
  return [
    "<table>",
    `<caption style="text-align:left">${escapeHtml(table.caption)}</caption>`,
    `<thead><tr>${head.join("")}</tr></thead>`,
    `<tbody>`,
    ...body,
    `</tbody>`,
    "</table>",
  ].join("\n");
}
