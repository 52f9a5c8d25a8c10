/**
 * The page that credits the authors of the photos.
 *
 * @module
 */
import { parse } from "csv-parse/sync";
import { tableHtml } from "@/charts/mod.ts";
import { scrollBox } from "./page_figures.ts";

/** The page's name, without its ending. */
export const photosPageName = "photos";

interface Source {
  readonly file: string;
  readonly author: string;
  readonly licence: string;
  readonly source: string;
}

/**
 * Writes the page from the list of sources.
 *
 * @param csv A table with the columns `file`, `author`, `licence` and `source`.
 * @returns MyST Markdown.
 */
export function photosPage(csv: string): string {
  const sources = parse(csv, { columns: true }) as Source[];
  const licences = [...new Set(sources.map(({ licence }) => licence))].sort();
  const table = tableHtml({
    caption: "Photos by the names that figures show",
    columns: ["Photo", "Author", "Licence", "Origin"]
      .map((title) => ({ title })),
    rows: sources.map(({ file, author, licence, source }) => [
      file.replace(/\.\w+$/, ""),
      ...[author, licence, source],
    ]),
  });
  return `${
    [
      "# Photos",
      "The figures show photos by others: cropped, scaled, and as networks and " +
      "codecs rebuild them. Each photo keeps its own licence. The rest of this " +
      "site is under the MIT licence.",
      `<div class="cell_output sources">\n${
        scrollBox(table, "Table: photos")
      }\n</div>`,
      "The licences in full:",
      licences.flatMap((licence) => spdx(licence)).join("\n"),
    ].join("\n\n")
  }\n`;
}

/** A link for names that look like those of the SPDX list. */
function spdx(licence: string): string[] {
  if (!/^[A-Z0-9]+(-[A-Za-z0-9.]+)+$/.test(licence)) return [];
  return [`- [${licence}](https://spdx.org/licenses/${licence}.html)`];
}
