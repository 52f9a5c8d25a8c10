/**
 * The front page: the idea and a picture from the README, the result in one
 * chart, the two commands, and the way to the notebooks.
 *
 * @module
 */
import { basename } from "node:path";
import { joinText, type Notebook } from "@/tasks/notebooks/notebook_file.ts";
import { UserError } from "@/errors/user_error.ts";
import { demoPageName } from "./demo_page.ts";
import { pageOf } from "./page_names.ts";
import { photosPageName } from "./photos_page.ts";
import { commandsHeading, type ReadmeParts } from "./readme_parts.ts";
import { siteLinks } from "./site_links.ts";

/** A notebook and where it lies. */
export interface PublishedNotebook {
  /** Such as `notebooks/1_data.ipynb`. */
  readonly path: string;
  /** Its content. */
  readonly notebook: Notebook;
}

/** What the front page shows. */
export interface FrontPage {
  /** Of the README. */
  readonly readme: ReadmeParts;
  /** In the order of their names. */
  readonly notebooks: readonly PublishedNotebook[];
  /** The picture of the README, as HTML. */
  readonly picture: string;
  /** The chart, as HTML. */
  readonly chart: string;
  /** Whether there is a page of the demo. */
  readonly hasDemo: boolean;
}

/**
 * Write the front page.
 *
 * @returns MyST Markdown.
 * @throws {UserError} When a notebook has no title.
 */
export function frontPage(
  { readme, notebooks, picture, chart, hasDemo }: FrontPage,
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
      `## ${commandsHeading}`,
      links(readme.commands),
      "## Notebooks",
      notebooks.map((notebook) => entry(notebook, readme)).join("\n"),
      contents(notebooks, hasDemo),
    ].join("\n\n")
  }\n`;
}

const demoLine =
  `**[Try it in your browser](${demoPageName}.html)**: one file, ` +
  "decoded here at both sizes.";

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
  hasDemo: boolean,
): string {
  const names = notebooks.map(({ path }) => basename(path, ".ipynb"));
  const demo = hasDemo ? [demoPageName] : [];
  const pages = [...demo, ...names, photosPageName];
  return ["```{toctree}", ":hidden:", "", ...pages, "```"].join("\n");
}
