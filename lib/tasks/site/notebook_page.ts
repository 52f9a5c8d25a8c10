/**
 * Turns a notebook into the source of a page: its outputs become HTML that is
 * readable without scripts, in light and dark, and on narrow screens.
 *
 * @module
 */
import { basename } from "node:path";
import { type Chart, unescapeHtml } from "@/charts/mod.ts";
import {
  type Cell,
  type CellOutput,
  codeCells,
  joinText,
  type MultilineText,
  type Notebook,
} from "@/tasks/notebooks/notebook_file.ts";
import { drawDiagrams } from "./diagrams.ts";
import { chartFigure, photoFigure, scrollBox } from "./page_figures.ts";
import type { SiteFiles } from "./site_files.ts";
import { siteLinks } from "./site_links.ts";
import { UserError } from "@/errors/user_error.ts";

/** The MIME type of live charts in notebooks. */
export const liveChart = "application/vnd.vegalite.v5+json";

/** Calls that leave an output below the cell. */
const shows = /^\s*await (?:show\w*|display)\(/m;

/**
 * Checks that each code cell was run and has the outputs that a page needs.
 *
 * @param notebook The notebook.
 * @param path What it is called in errors.
 * @throws {UserError} If an output is missing, with the first such cell.
 */
export function checkOutputs(notebook: Notebook, path: string): void {
  for (const { number, cell, source } of codeCells(notebook)) {
    if (source.trim() === "") continue;
    const outputs = cell.outputs ?? [];
    const wrong = outputs.some(({ output_type }) => output_type === "error")
      ? "holds an error"
      : typeof cell.execution_count !== "number"
      ? "was not run"
      : shows.test(source) && outputs.length === 0
      ? "has no output"
      : outputs.some(({ data }) => data?.[liveChart] && !data["image/svg+xml"])
      ? "has no picture (image/svg+xml) of its chart"
      : undefined;
    if (wrong === undefined) continue;
    const start = source.trim().split("\n")[0]?.slice(0, 50);
    throw new UserError(
      `Code cell ${number} ("${start}") of the notebook "${path}" ${wrong}: ` +
        `run "deno task notebooks ${path}".`,
    );
  }
}

/**
 * Prepares a notebook for its page, without running it.
 *
 * @param notebook The notebook, with all outputs; see {@linkcode checkOutputs}.
 * @param path Its path, whose name becomes part of its photos' names.
 * @param pages The names of all notebooks, for the links between them.
 * @param files The site's files; its photos are added to them.
 * @returns The notebook to make the page from.
 */
export async function notebookPage(
  notebook: Notebook,
  path: string,
  pages: readonly string[],
  files: SiteFiles,
): Promise<Notebook> {
  const cells: Cell[] = [];
  for (const [index, cell] of notebook.cells.entries()) {
    const name = `${basename(path, ".ipynb")}_${index + 1}`;
    cells.push(
      cell.cell_type === "markdown"
        ? {
          ...cell,
          source: drawDiagrams(siteLinks(joinText(cell.source), pages)),
        }
        : {
          ...cell,
          metadata: { ...cell.metadata, tags: ["hide-input"] },
          outputs: await outputsOf(cell, name, pages, files),
        },
    );
  }
  return { ...notebook, cells };
}

async function outputsOf(
  cell: Cell,
  name: string,
  pages: readonly string[],
  files: SiteFiles,
): Promise<CellOutput[]> {
  const outputs: CellOutput[] = [];
  for (const [index, output] of (cell.outputs ?? []).entries()) {
    const own = index === 0 ? name : `${name}_${index + 1}`;
    const html = await outputHtml(output, own, files);
    const markdown = output.data?.["text/markdown"];
    if (html !== undefined) {
      const data = { "text/html": html };
      outputs.push({ output_type: "display_data", data, metadata: {} });
    } else if (markdown !== undefined) {
      const text = siteLinks(joinText(markdown as MultilineText), pages);
      outputs.push({ ...output, data: { "text/markdown": text } });
    } else outputs.push(output);
  }
  return outputs;
}

/** HTML of a chart, a picture or a table; undefined for other outputs. */
async function outputHtml(
  { data = {}, metadata }: CellOutput,
  name: string,
  files: SiteFiles,
): Promise<string | undefined> {
  const text = (type: string) => joinText((data[type] ?? "") as MultilineText);
  if (data[liveChart] !== undefined) {
    return chartFigure(data[liveChart] as Chart, text("image/svg+xml"), name);
  }
  const type = ["image/png", "image/jpeg"].find((type) => type in data);
  if (type !== undefined) {
    const bytes = Uint8Array.fromBase64(text(type).replace(/\s/g, ""));
    const { alt } = (metadata as Record<string, { alt?: string }>)[type] ?? {};
    return await photoFigure(bytes, alt ?? text("text/plain"), name, files);
  }
  const html = text("text/html");
  if (!html.startsWith("<table")) return undefined;
  const caption = /<caption[^>]*>([^<]*)/.exec(html)?.[1] ?? "";
  return scrollBox(html, `Table: ${unescapeHtml(caption)}`);
}
