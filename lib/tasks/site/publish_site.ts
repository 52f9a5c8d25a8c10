/**
 * Builds the site: prepares the notebooks, writes the other pages, lets Sphinx
 * make the pages, and puts the whole in place in one move.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { notebookText } from "@/tasks/notebooks/clean_notebook.ts";
import {
  notebookPaths,
  readNotebook,
} from "@/tasks/notebooks/notebook_file.ts";
import type { Workspace } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";
import { bundleCharts } from "./bundle_charts.ts";
import { chartStyle } from "./chart_style.ts";
import { checkOutputs } from "./check_outputs.ts";
import { demoPage, demoPageName } from "./demo_page.ts";
import { finishPage } from "./finish_page.ts";
import { siteFaults } from "./check_site.ts";
import { frontChart } from "./front_chart.ts";
import { frontPage, type PublishedNotebook } from "./front_page.ts";
import { notebookPage } from "./notebook_page.ts";
import { chartScript } from "./page_names.ts";
import { photoFigure } from "./photo_figure.ts";
import { photosPage, photosPageName } from "./photos_page.ts";
import { readmeParts } from "./readme_parts.ts";
import { runSphinx } from "./run_sphinx.ts";
import type { SiteFiles } from "./site_files.ts";
import { checkFolder, replaceSite, siteStamp } from "./site_folder.ts";
import { siteFingerprint } from "./site_fingerprint.ts";

/** What the site is built from. */
export interface SiteSource {
  /** The environment that holds Sphinx. */
  readonly workspace: Workspace;
  /** The folder of the README, `notebooks/`, `results/` and `data/`. */
  readonly root: string;
}

/**
 * Build the site into a folder, over an earlier one.
 *
 * @param source What it is built from.
 * @param out The folder; other files in it are an error.
 * @param signal Ends the build; an earlier site stays.
 * @throws {UserError} In a sentence, also where a notebook has no outputs.
 */
export async function publishSite(
  source: SiteSource,
  out: string,
  signal?: AbortSignal,
): Promise<void> {
  checkFolder(out);
  const fingerprint = siteFingerprint(source);
  const work = await Deno.makeTempDir({ prefix: "site-" });
  const folders = {
    source: join(work, "source"),
    extra: join(work, "extra"),
    work: join(work, "doctrees"),
    out: join(work, "site"),
  };
  try {
    await writeSource(source, folders.source, folders.extra);
    signal?.throwIfAborted();
    await runSphinx(source.workspace, folders, signal);
    await finishPages(folders.out);
    const [fault] = await siteFaults(folders.out);
    if (fault !== undefined) throw new UserError(fault);
    await Deno.writeTextFile(join(folders.out, siteStamp), fingerprint);
    await replaceSite(folders.out, out);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** What becomes pages to `folder`, all else to `extra`. */
async function writeSource(
  { root, workspace }: SiteSource,
  folder: string,
  extra: string,
): Promise<void> {
  const notebooks = await openNotebooks(root);
  const pages = notebooks.map(({ path }) => basename(path));
  const { script, licences } = await bundleCharts(workspace.root);
  const files: SiteFiles = new Map([
    [chartScript, script],
    [`${chartScript}.licences.txt`, licences],
    ["_static/charts.css", chartStyle()],
    [".nojekyll", ""],
  ]);
  const texts: SiteFiles = new Map();
  for (const { path, notebook } of notebooks) {
    const page = await notebookPage(notebook, path, pages, files);
    texts.set(basename(path), notebookText(page));
  }
  const readme = readmeParts(await readText(join(root, "README.md")));
  const { path, alt } = readme.picture;
  const bytes = await readBytes(join(root, path));
  const picture = await photoFigure(bytes, alt, "front", files);
  const chart = frontChart(notebooks);
  const demo = await demoPage(root, files);
  if (demo !== undefined) texts.set(`${demoPageName}.md`, demo);
  const hasDemo = demo !== undefined;
  texts.set(
    "index.md",
    frontPage({ readme, notebooks, picture, chart, hasDemo }),
  );
  const sources = await readText(join(root, "data", "starter", "SOURCES.csv"));
  texts.set(`${photosPageName}.md`, photosPage(sources));
  await writeFiles(folder, texts);
  await writeFiles(extra, files);
}

async function finishPages(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".html")) continue;
    const path = join(folder, name);
    await Deno.writeTextFile(path, finishPage(await Deno.readTextFile(path)));
  }
}

async function openNotebooks(root: string): Promise<PublishedNotebook[]> {
  const paths = notebookPaths([], root);
  if (paths.length === 0) {
    throw new UserError('There are no notebooks in "notebooks".');
  }
  return await Promise.all(paths.map(async (absolute) => {
    const path = relative(root, absolute);
    const notebook = await readNotebook(absolute);
    checkOutputs(notebook, path);
    return { path, notebook };
  }));
}

async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(path));
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch {
    throw new UserError(`The site needs the file "${path}".`);
  }
}

async function writeFiles(folder: string, files: SiteFiles): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [path, content] of files) {
    const whole = join(folder, path);
    await Deno.mkdir(dirname(whole), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(whole, content);
    else await Deno.writeFile(whole, content);
  }
}
