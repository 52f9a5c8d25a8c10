/**
 * Links of Markdown that was written for the repository, on the site.
 *
 * @module
 */
import { basename } from "node:path";
import { pageOf } from "./page_names.ts";

const link = /(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(<?([^()\s<>]*)>?\)/g;

/**
 * Turn links to notebooks into links to their pages. Links to other files of
 * the repository keep their words only, as the site does not have them.
 *
 * @param markdown Any Markdown.
 * @param pages The notebooks that have a page, without folders.
 *
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
