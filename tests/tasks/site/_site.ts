/** A README, a result and a notebook, as small as the site allows. */
import { barChart, chartSvg } from "@/charts/mod.ts";
import { encodePixels } from "@/images/mod.ts";
import {
  cleanNotebook,
  notebookText,
} from "@/tasks/notebooks/clean_notebook.ts";
import type { CellOutput, Notebook } from "@/tasks/notebooks/notebook_file.ts";
import { join } from "node:path";
import { notebookOf } from "../_notebook.ts";

/** The README of {@linkcode writeRoot}. */
export const readme = `# tiny: a small thing

The *idea*, with a [licence](LICENSE) and [more](notebooks/1_tiny.ipynb).

![Two grey squares](results/tiny/figures/squares.png)

What the picture shows.

## One photo first

Begin \`here\`.

![The same squares](results/tiny/figures/squares.png)

## Two commands

\`\`\`sh
one
\`\`\`

## Sections

| Section | What it does  | Notebook                     |
| ------- | ------------- | ---------------------------- |
| \`tiny\`  | shows a chart | [1](notebooks/1_tiny.ipynb) |
`;

const grey = { width: 4, height: 4, data: new Uint8Array(48).fill(128) };

/** A PNG file. */
export const picture = await encodePixels(grey, "png");

/** A chart, as a notebook keeps it. */
export async function chartOutput(title: string): Promise<CellOutput> {
  const bars = [{ name: "a < b", values: [1.25] }];
  const chart = barChart({ title, label: "dB", bars });
  return {
    output_type: "display_data",
    metadata: {},
    data: {
      "application/vnd.vegalite.v5+json": chart,
      "image/svg+xml": await chartSvg(chart),
      "text/plain": "a chart",
    },
  };
}

/** A notebook with an output of each kind. */
export async function tinyNotebook(): Promise<Notebook> {
  const notebook = notebookOf(
    'await show(figure("bars"));',
    'await show({ photos, alt: "a" });',
    "await show(table);",
    "await show(text);",
    "const silent: number = 1;",
  );
  const show = (data: Record<string, unknown>): CellOutput => ({
    output_type: "display_data",
    metadata: { "image/png": { alt: 'A "grey" square' } },
    data,
  });
  const outputs = [
    await chartOutput("Bars"),
    show({ "image/png": picture.toBase64(), "text/plain": "square" }),
    show({
      "text/html":
        "<table>\n<caption>Sizes</caption><tr><td>7</td></tr></table>",
    }),
    show({ "text/markdown": "Computed, see [the tiny one](1_tiny.ipynb)." }),
  ];
  notebook.cells.forEach((cell, index) => {
    if (cell.cell_type !== "code") return;
    cell.execution_count = index;
    cell.outputs = outputs.slice(index - 1, index);
  });
  return cleanNotebook(notebook);
}

/** A list of photos, one of them under a licence with a name. */
export const sources = "file,author,licence,source\n" +
  'a.webp,"Ann, <Ed.>",CC-BY-4.0,here\nb.webp,Bo,Public domain,there\n';

/** Writes the README, the sources, the picture and the notebook `1_tiny.ipynb`. */
export async function writeRoot(
  root: string,
  notebook: Notebook,
): Promise<void> {
  const figures = join(root, "results", "tiny", "figures");
  await Deno.mkdir(figures, { recursive: true });
  await Deno.mkdir(join(root, "notebooks"), { recursive: true });
  await Deno.writeFile(join(figures, "squares.png"), picture);
  await Deno.writeTextFile(join(root, "README.md"), readme);
  const starter = join(root, "data", "starter");
  await Deno.mkdir(starter, { recursive: true });
  await Deno.writeTextFile(join(starter, "SOURCES.csv"), sources);
  await Deno.writeTextFile(
    join(root, "notebooks", "1_tiny.ipynb"),
    notebookText(notebook),
  );
}
