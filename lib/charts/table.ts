/**
 * A table of results, as HTML and as Markdown.
 *
 * @module
 */
import { escapeHtml } from "./escape_html.ts";
import { numberText } from "./number_text.ts";

/** One column: a heading and how its numbers are written. */
export interface Column {
  /** With the unit, such as `PSNR (dB)`. */
  readonly title: string;
  /** Digits after the decimal point; as few as a number needs by default. */
  readonly digits?: number;
}

/** A value of a table; null is a value that was not measured. */
export type TableCell = string | number | null;

/** A table of results. The first cell of each row names the row. */
export interface Table {
  /** What the table shows. */
  readonly caption: string;
  /** From left to right. */
  readonly columns: readonly Column[];
  /** One cell per column each. */
  readonly rows: readonly (readonly TableCell[])[];
}

/** A column of {@linkcode makeTable}: its title, its values and their digits. */
export type ValueColumn<Row> = readonly [
  title: string,
  value: (row: Row) => TableCell | undefined,
  digits?: number,
];

/**
 * Makes a table of what its rows hold.
 *
 * @param caption What the table shows.
 * @param rows One item for each row, such as the networks of a result.
 * @param columns From left to right; a value that is undefined was not
 * measured.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { makeTable } from "./mod.ts";
 *
 * const table = makeTable("Quality", [{ model: "medium", psnrDb: 31.25 }], [
 *   ["Model", ({ model }) => model],
 *   ["PSNR (dB)", ({ psnrDb }) => psnrDb, 1],
 * ]);
 * assertEquals(table.rows, [["medium", 31.25]]);
 * ```
 */
export function makeTable<Row>(
  caption: string,
  rows: readonly Row[],
  columns: readonly ValueColumn<Row>[],
): Table {
  return {
    caption,
    columns: columns.map(([title, , digits]) => ({
      title,
      ...digits === undefined ? {} : { digits },
    })),
    rows: rows.map((row) => columns.map(([, value]) => value(row) ?? null)),
  };
}

/**
 * Checks that every row has a cell for every column.
 *
 * @param table The table.
 * @throws {RangeError} If a row is too short or too long.
 */
export function checkTable({ caption, columns, rows }: Table): void {
  for (const row of rows) {
    if (row.length !== columns.length) {
      throw new RangeError(
        `The row ${JSON.stringify(row)} of ${JSON.stringify(caption)} has ` +
          `${row.length} cells for ${columns.length} columns.`,
      );
    }
  }
}

/**
 * Writes a table as HTML for screen readers, too: a caption, scoped headings,
 * every value escaped. Infinity is written as `∞`, null as `–`.
 *
 * @param table The table.
 * @returns One `<table>` element.
 * @throws {RangeError} If a row does not have one cell per column.
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
        ? `<th scope="row" style="text-align:${align[0]};white-space:nowrap">` +
          `${text}</th>`
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

/**
 * Writes a table as Markdown, the caption as a paragraph above it.
 *
 * @param table The table.
 * @returns Markdown that ends with a line break. Letters that Markdown or HTML
 * would read as markup are escaped.
 * @throws {RangeError} If a row does not have one cell per column.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tableMarkdown } from "./mod.ts";
 *
 * const markdown = tableMarkdown({
 *   caption: "Quality",
 *   columns: [{ title: "Model" }, { title: "PSNR (dB)", digits: 1 }],
 *   rows: [["medium", 31.25]],
 * });
 * assertEquals(
 *   markdown,
 *   "Quality\n\n| Model | PSNR (dB) |\n| :--- | ---: |\n| medium | 31.3 |\n",
 * );
 * ```
 */
export function tableMarkdown(table: Table): string {
  checkTable(table);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rows = table.rows.map((row) =>
    line(
      table.columns.map((column, index) =>
        escapeMarkdown(cellText(row[index] ?? null, column))
      ),
    )
  );
  return [
    escapeMarkdown(table.caption),
    "",
    line(table.columns.map(({ title }) => escapeMarkdown(title))),
    line(
      table.columns.map((_, index) =>
        isNumeric(table, index) ? "---:" : ":---"
      ),
    ),
    ...rows,
    "",
  ].join("\n");
}

function cellText(value: TableCell, { digits }: Column): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  return numberText(value, digits);
}

/** Whether a column holds numbers and, apart from nulls, nothing else. */
function isNumeric({ rows }: Table, index: number): boolean {
  const cells = rows.map((row) => row[index]).filter((cell) => cell !== null);
  return cells.length > 0 && cells.every((cell) => typeof cell === "number");
}

function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~&]/g, (letter) => `\\${letter}`)
    .replace(/\s*\n\s*/g, " ");
}
