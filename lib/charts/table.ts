/**
 * A table of results, before it becomes HTML or Markdown.
 *
 * @module
 */

/** One column: a heading and how its numbers are written. */
export interface Column {
  /** With the unit, such as `PSNR (dB)`. */
  readonly title: string;
  /** Digits after the point, for numbers; without it as few as they need. */
  readonly digits?: number;
}

/** A value of a table; null is a value that was not measured. */
export type Cell = string | number | null;

/** A table of results. The first cell of each row names the row. */
export interface Table {
  /** What the table shows. */
  readonly caption: string;
  /** From left to right. */
  readonly columns: readonly Column[];
  /** One cell a column each. */
  readonly rows: readonly (readonly Cell[])[];
}

/**
 * Check that every row has a cell for every column.
 *
 * @throws {RangeError} When a row is too short or too long.
 */
export function checkTable({ caption, columns, rows }: Table): void {
  for (const row of rows) {
    if (row.length !== columns.length) {
      throw new RangeError(
        `The row ${JSON.stringify(row)} of ${JSON.stringify(caption)} has ` +
          `${row.length} cells for ${columns.length} columns`,
      );
    }
  }
}

/**
 * Write a cell as a reader sees it.
 *
 * @param value The cell.
 * @param column Its column.
 * @returns Plain text: `–` for null, `∞` for infinity.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cellText } from "./mod.ts";
 *
 * assertEquals(cellText(31.256, { title: "PSNR (dB)", digits: 2 }), "31.26");
 * ```
 */
export function cellText(value: Cell, { digits }: Column): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const text = digits === undefined ? String(value) : value.toFixed(digits);
  return text.replace(/^-/, "−");
}

/**
 * Whether a column holds numbers, which align to the right.
 *
 * @param table The table.
 * @param index The column, from 0.
 * @returns True when it has a number and, apart from nulls, nothing else.
 */
export function isNumeric(table: Table, index: number): boolean {
  const cells = table.rows.map((row) => row[index]).filter((cell) =>
    cell !== null
  );
  return cells.length > 0 && cells.every((cell) => typeof cell === "number");
}
