/**
 * A table as Markdown.
 *
 * @module
 */
import { cellText, checkTable, isNumeric, type Table } from "./table.ts";

/**
 * Write a table as Markdown, the caption as a paragraph above it.
 *
 * @param table The table.
 * @returns Markdown that ends with a line break. Letters that Markdown or HTML
 * would read as markup are escaped.
 * @throws {RangeError} When a row has not one cell a column.
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

function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~&]/g, (letter) => `\\${letter}`)
    .replace(/\s*\n\s*/g, " ");
}
