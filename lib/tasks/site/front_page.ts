/**
 * The front page: the idea from the README, one photo and the result, the two
 * commands, and links to the notebooks and to the code.
 *
 * @module
 */
import { basename } from "node:path";
import { joinText, type Notebook } from "@/tasks/notebooks/notebook_file.ts";
import { UserError } from "@/errors/user_error.ts";
import { demoPageName } from "./demo_page.ts";
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
  /** One photo at its sizes, bars and a conclusion, as HTML; else a picture. */
  readonly result: readonly string[];
  /** The picture of one's first photo, as HTML. */
  readonly firstPicture: string;
  /** The names of the pages that are neither notebooks nor the demo. */
  readonly others: readonly string[];
  /** Whether the site has the demo. */
  readonly hasDemo: boolean;
  /** The address of the code, if it is known. */
  readonly code?: string | undefined;
}

/**
 * Writes the front page.
 *
 * @param page Its content.
 * @returns MyST Markdown.
 * @throws {UserError} If a notebook has no title.
 */
export function frontPage(
  { readme, notebooks, result, firstPicture, others, hasDemo, code }: FrontPage,
): string {
  const pages = notebooks.map(({ path }) => basename(path));
  const links = (markdown: string) => siteLinks(markdown, pages);
  return `${
    [
      `# ${readme.title}`,
      links(readme.idea),
      ...result,
      ...hasDemo ? [demoLine] : [],
      `## ${firstPhotoHeading}`,
      links(readme.firstPhoto.replace(printed, "```text\n$1\n```")),
      firstPicture,
      `## ${commandsHeading}`,
      links(readme.commands),
      "## Notebooks",
      notebooks.map((notebook) => entry(notebook, readme)).join("\n"),
      ...others.includes("engineers") ? [engineersLine] : [],
      citation(readme.title, code),
      contents(notebooks, others, hasDemo),
    ].join("\n\n")
  }\n`;
}

/** A line that a command prints. */
const printed = /^ {4}(.+)$/gm;

const demoLine =
  `**[Try it in your browser](${demoPageName}.html)**: one file, ` +
  "decoded here at both sizes.";

const engineersLine = "**For engineers:** [what it costs, and how to try it " +
  "on your photos](engineers.html). The [glossary](glossary.html) explains the " +
  "words, [the file format](format.html) the bytes.";

function citation(title: string, code: string | undefined): string {
  const year = new Date().getFullYear();
  const where = code === undefined
    ? "the repository that this site is built from"
    : `at <${code}>`;
  return `## The code, and how to cite it

> The onecode authors. *${title}.* ${year}.${
    code === undefined ? "" : ` ${code}`
  }

The code, under the MIT licence, is ${where}.`;
}

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
