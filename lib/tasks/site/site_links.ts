/**
 * The links of Markdown that was written for the repository, for the site.
 *
 * @module
 */
import { basename } from "node:path";

/**
 * The name of a notebook's page.
 *
 * @param notebook The notebook's path, such as `notebooks/1_data.ipynb`.
 * @returns Such as `1_data.html`.
 */
export function pageOf(notebook: string): string {
  return `${basename(notebook, ".ipynb")}.html`;
}

const link = /(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(<?([^()\s<>]*)>?\)/g;

/**
 * Turns links to notebooks into links to their pages. Of links to other files
 * of the repository, which the site lacks, only the words are kept.
 *
 * @param markdown Any Markdown.
 * @param pages The names of the notebooks that have a page.
 * @returns Markdown for the site.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { siteLinks } from "./site_links.ts";
 *
 * const markdown = "[1](notebooks/1_data.ipynb#photos), [MIT](LICENSE)";
 * assertEquals(
 *   siteLinks(markdown, ["1_data.ipynb"]),
 *   "[1](1_data.html#photos), MIT",
 * );
 * ```
 */
export function siteLinks(markdown: string, pages: readonly string[]): string {
  return markdown.replace(link, (whole, words: string, target: string) => {
    if (/^(https?:|mailto:)/.test(target)) return whole;
    const [path = "", anchor] = target.split("#");
    if (path === "" && anchor !== undefined) return whole;
    if (!pages.includes(basename(path))) return words;
    return `[${words}](${pageOf(path)}${anchor ? `#${anchor}` : ""})`;
  });
}
