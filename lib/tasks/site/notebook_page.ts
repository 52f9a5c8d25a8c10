/**
 * A notebook as the source of a page: its outputs become HTML that reads well
 * without scripts, in light and in dark, and on narrow screens.
 *
 * @module
 */
import { basename } from "node:path";
import type { Chart } from "@/charts/mod.ts";
import {
  type Cell,
  type CellOutput,
  joinText,
  type MultilineText,
  type Notebook,
} from "@/tasks/notebooks/notebook_file.ts";
import { chartFigure } from "./chart_figure.ts";
import { photoFigure } from "./photo_figure.ts";
import { scrollBox } from "./scroll_box.ts";
import type { SiteFiles } from "./site_files.ts";
import { siteLinks } from "./site_links.ts";

/** The type under which a notebook keeps a live chart. */
export const liveChart = "application/vnd.vegalite.v5+json";

/**
 * Prepare a notebook for its page. Nothing of it is run.
 *
 * @param notebook With its outputs, as {@linkcode checkOutputs} asks for.
 * @param path Its path; its name tells its photos from those of others.
 * @param pages Names of all notebooks, for the links between them.
 * @param files Takes its photos.
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
        ? { ...cell, source: siteLinks(joinText(cell.source), pages) }
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
    outputs.push(
      html !== undefined
        ? { output_type: "display_data", data: { "text/html": html }, metadata }
        : markdown !== undefined
        ? { ...output, data: { "text/markdown": siteText(markdown, pages) } }
        : output,
    );
  }
  return outputs;
}

const metadata = {};

function siteText(markdown: unknown, pages: readonly string[]): string {
  return siteLinks(joinText(markdown as MultilineText), pages);
}

/**
 * A chart, a picture or a table as HTML.
 *
 * @param name A word that no other output of the site has.
 * @returns Undefined for outputs that stay as they are.
 */
export async function outputHtml(
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
  return scrollBox(html, `Table: ${unescape(caption)}`);
}

function unescape(html: string): string {
  const letters: Record<string, string> = {
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
    "&amp;": "&",
  };
  return html.replace(/&(?:lt|gt|quot|#39|amp);/g, (name) => letters[name]!);
}
