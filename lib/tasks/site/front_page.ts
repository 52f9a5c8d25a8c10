/**
 * The front page: the idea and a picture from the README, the result as one
 * chart of a notebook, the two commands, and links to the notebooks.
 *
 * @module
 */
import { basename } from "node:path";
import type { Chart } from "@/charts/mod.ts";
import {
  joinText,
  type MultilineText,
  type Notebook,
} from "@/tasks/notebooks/notebook_file.ts";
import { UserError } from "@/errors/user_error.ts";
import { demoPageName } from "./demo_page.ts";
import { liveChart } from "./notebook_page.ts";
import { chartFigure } from "./page_figures.ts";
import { photosPageName } from "./photos_page.ts";
import {
  commandsHeading,
  firstPhotoHeading,
  type ReadmeParts,
} from "./readme_parts.ts";
import { pageOf, siteLinks } from "./site_links.ts";

/** A notebook and its path. */
export interface PublishedNotebook {
  /** Such as `notebooks/1_data.ipynb`. */
  readonly path: string;
  /** Its content. */
  readonly notebook: Notebook;
}

/** The content of the front page. */
export interface FrontPage {
  /** The parts of the README. */
  readonly readme: ReadmeParts;
  /** All notebooks, by name. */
  readonly notebooks: readonly PublishedNotebook[];
  /** The picture of the README, as HTML. */
  readonly picture: string;
  /** The picture of one's first photo, as HTML. */
  readonly firstPicture: string;
  /** The chart, as HTML. */
  readonly chart: string;
  /** The names of the pages that are neither notebooks nor the demo. */
  readonly others: readonly string[];
  /** Whether the site has the demo. */
  readonly hasDemo: boolean;
}

/** How the title of the main result's chart begins, in notebook 8. */
const mainTitle = "Bytes stored";

/** Notebooks whose first chart replaces it if it is missing, best first. */
const stories = ["0_overview.ipynb", "4_feature_capture.ipynb"];

/**
 * Chooses the chart of the main result: the bytes stored for two sizes; else
 * the first chart of the overview, of feature capture, or of any notebook.
 *
 * @param notebooks All notebooks.
 * @returns HTML.
 * @throws {UserError} If no notebook has a chart.
 */
export function frontChart(notebooks: readonly PublishedNotebook[]): string {
  const rank = ({ path }: PublishedNotebook) => {
    const place = stories.indexOf(basename(path));
    return place < 0 ? stories.length : place;
  };
  const charts = notebooks.toSorted((a, b) => rank(a) - rank(b))
    .flatMap(({ notebook }) => notebook.cells)
    .flatMap((cell) => cell.outputs ?? [])
    .flatMap(({ data }) => data?.[liveChart] ? [data] : [])
    .map((data) => ({
      chart: data[liveChart] as Chart,
      svg: joinText(data["image/svg+xml"] as MultilineText),
    }));
  const main =
    charts.find(({ chart }) => chart.title.text.startsWith(mainTitle)) ??
      charts[0];
  if (main === undefined) {
    throw new UserError(
      "The front page needs a chart, but no notebook shows one.",
    );
  }
  return chartFigure(main.chart, main.svg, "front");
}

/**
 * Writes the front page.
 *
 * @param page Its content.
 * @returns MyST Markdown.
 * @throws {UserError} If a notebook has no title.
 */
export function frontPage(
  { readme, notebooks, picture, firstPicture, chart, others, hasDemo }:
    FrontPage,
): string {
  const pages = notebooks.map(({ path }) => basename(path));
  const links = (markdown: string) => siteLinks(markdown, pages);
  return `${
    [
      `# ${readme.title}`,
      links(readme.idea),
      picture,
      links(readme.caption),
      ...hasDemo ? [demoLine] : [],
      chart,
      `## ${firstPhotoHeading}`,
      links(readme.firstPhoto),
      firstPicture,
      `## ${commandsHeading}`,
      links(readme.commands),
      "## Notebooks",
      notebooks.map((notebook) => entry(notebook, readme)).join("\n"),
      ...others.includes("engineers") ? [engineersLine] : [],
      citation,
      contents(notebooks, others, hasDemo),
    ].join("\n\n")
  }\n`;
}

const demoLine =
  `**[Try it in your browser](${demoPageName}.html)**: one file, ` +
  "decoded here at both sizes.";

const engineersLine = "**For engineers:** [what it costs, and how to try it " +
  "on your photos](engineers.html). The [glossary](glossary.html) explains the " +
  "words, [the file format](format.html) the bytes.";

const citation = `## How to cite

> The onecode authors. *onecode: one stored code, two resolutions.* 2026.

The code, under the MIT licence, is the repository that this site is built from.`;

function entry(
  { path, notebook }: PublishedNotebook,
  readme: ReadmeParts,
): string {
  const about = readme.sections.get(basename(path));
  const link = `[${titleOf({ path, notebook })}](${pageOf(path)})`;
  return `- ${link}${about === undefined ? "" : `: ${about}`}`;
}

function titleOf({ path, notebook }: PublishedNotebook): string {
  const [first] = notebook.cells;
  const title = first?.cell_type === "markdown"
    ? /^# (.+)$/m.exec(joinText(first.source))?.[1]
    : undefined;
  if (title !== undefined) return title;
  throw new UserError(
    `The first cell of the notebook "${path}" has no title (# …).`,
  );
}

/** The list from which Sphinx makes the navigation. */
function contents(
  notebooks: readonly PublishedNotebook[],
  others: readonly string[],
  hasDemo: boolean,
): string {
  const names = notebooks.map(({ path }) => basename(path, ".ipynb"));
  const demo = hasDemo ? [demoPageName] : [];
  const pages = [...demo, ...names, ...others, photosPageName];
  return ["```{toctree}", ":hidden:", "", ...pages, "```"].join("\n");
}
