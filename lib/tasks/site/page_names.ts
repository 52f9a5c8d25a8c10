/**
 * How notebooks, pages and their files are called on the site. All pages lie
 * in one folder, so that every link between them is a bare name.
 *
 * @module
 */
import { basename } from "node:path";

/** The script that draws charts live, relative to a page. */
export const chartScript = "_static/charts.js";

/** The folder of the demo's scripts and photos, relative to a page. */
export const demoFolder = "demo";

/** The folder of photos, relative to a page. */
export const photoFolder = "photos";

/**
 * The page of a notebook.
 *
 * @param notebook Its path, such as `notebooks/1_data.ipynb`.
 * @returns The page, such as `1_data.html`.
 */
export function pageOf(notebook: string): string {
  return `${basename(notebook, ".ipynb")}.html`;
}
