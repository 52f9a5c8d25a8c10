/**
 * What the pages lack when Sphinx has made them.
 *
 * @module
 */

import { chartScript, demoFolder } from "./page_names.ts";

/**
 * Make a page's code reachable by keyboard, where it is wider than the page,
 * let folded code be called what it shows, and load the scripts that draw charts
 * live and run the demo, where there are such.
 *
 * @param html A page by Sphinx.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { finishPage } from "./finish_page.ts";
 *
 * assertEquals(finishPage("<pre>1</pre>"), '<pre tabindex="0">1</pre>');
 * ```
 */
export function finishPage(html: string): string {
  const script = html.includes('<figure class="chart">')
    ? `<script defer src="${chartScript}"></script>\n`
    : "";
  const demo = html.includes('<div id="demo"')
    ? `<script type="module" src="${demoFolder}/page.js"></script>\n`
    : "";
  return html
    .replace("</body>", `${script}${demo}</body>`)
    .replaceAll("<pre>", '<pre tabindex="0">')
    .replaceAll('<summary aria-label="Toggle hidden content">', "<summary>");
}
