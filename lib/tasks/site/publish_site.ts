/**
 * Builds the site: prepares the notebooks, writes the other pages, lets Sphinx
 * make HTML of them, and replaces the earlier site in one move.
 *
 * @module
 */
import { existsSync, globSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { notebookText } from "@/tasks/notebooks/clean_notebook.ts";
import {
  notebookPaths,
  readNotebook,
} from "@/tasks/notebooks/notebook_file.ts";
import { darkRules } from "@/charts/mod.ts";
import { temporaryFolder } from "@/tasks/cli/temporary_folder.ts";
import { UserError } from "@/errors/user_error.ts";
import {
  blindPage,
  blindPageName,
  blindScript,
} from "@/tasks/site/blind/blind_page.ts";
import { bundleBlind, bundleCharts } from "./bundle_scripts.ts";
import { siteFaults } from "./check_site.ts";
import { demoPage, demoPageName } from "./demo_page.ts";
import { frontPage, type PublishedNotebook } from "./front_page.ts";
import {
  frontAnswer,
  photoStages,
  readMeasured,
  storedBars,
} from "./front_result.ts";
import { galleryPage, galleryPageName } from "./gallery_page.ts";
import { checkOutputs, notebookPage } from "./notebook_page.ts";
import { photoFigure } from "./page_figures.ts";
import { missingPage, otherPages } from "./other_pages.ts";
import { photosPage, photosPageName } from "./photos_page.ts";
import { readmeParts, type ReadmePicture } from "./readme_parts.ts";
import { runSphinx } from "./run_sphinx.ts";
import {
  chartScript,
  clipScript,
  demoFolder,
  elementScript,
  previewFile,
  type SiteFiles,
} from "./site_files.ts";
import {
  checkFolder,
  replaceSite,
  siteFingerprint,
  type SiteSource,
} from "./site_folder.ts";

/** Where the code and the site are, as far as that is known. */
export interface SiteAddresses {
  /** The address of the code, which the front page links to. */
  readonly code?: string;
  /** The address of the site, which previews of its pages need. */
  readonly site?: string;
}

/**
 * Builds the site into a folder, over an earlier one.
 *
 * @param source What it is built from.
 * @param out The folder; other files in it are an error.
 * @param signal Stops the build; an earlier site stays.
 * @param addresses Where the code and the site are.
 * @throws {UserError} If something is missing, such as the outputs of a
 * notebook, or the site would have a fault.
 */
export async function publishSite(
  source: SiteSource,
  out: string,
  signal?: AbortSignal,
  addresses: SiteAddresses = {},
): Promise<void> {
  checkFolder(out);
  const fingerprint = siteFingerprint(source);
  using temporary = temporaryFolder("site");
  const work = temporary.path;
  const folders = {
    source: join(work, "source"),
    extra: join(work, "extra"),
    work: join(work, "doctrees"),
    out: join(work, "site"),
  };
  await writeSource(source, folders.source, folders.extra, addresses);
  signal?.throwIfAborted();
  await runSphinx(source.workspace, folders, signal);
  await finishPages(folders.out, addresses.site);
  const [fault] = await siteFaults(folders.out);
  if (fault !== undefined) throw new UserError(fault);
  await replaceSite(folders.out, out, fingerprint);
}

/** Writes the sources of pages to `folder`, and all other files to `extra`. */
async function writeSource(
  { root, workspace }: SiteSource,
  folder: string,
  extra: string,
  addresses: SiteAddresses,
): Promise<void> {
  const notebooks = await openNotebooks(root);
  const pages = notebooks.map(({ path }) => basename(path));
  const files = await bundleCharts(workspace.root);
  files.set("_static/charts.css", chartStyle);
  files.set(".nojekyll", "");
  const texts: SiteFiles = new Map();
  for (const { path, notebook } of notebooks) {
    const page = await notebookPage(notebook, path, pages, files);
    texts.set(basename(path), notebookText(page));
  }
  const readme = readmeParts(
    await needed(Deno.readTextFile, join(root, "README.md")),
  );
  const figure = async ({ path, alt }: ReadmePicture, name: string) => {
    const bytes = await needed(Deno.readFile, join(root, path));
    return await photoFigure(bytes, alt, name, files);
  };
  const firstPicture = await figure(readme.firstPicture, "first");
  const { storage, kodak } = await readMeasured(root);
  const stages = await photoStages(root, files);
  const result = [
    ...stages === undefined
      ? [await figure(readme.picture, "front"), readme.caption]
      : [stages],
    ...storage === undefined
      ? []
      : [frontAnswer(storage, kodak), await storedBars(storage)],
  ];
  const demo = await demoPage(root, files);
  const hasDemo = demo !== undefined;
  if (hasDemo) texts.set(`${demoPageName}.md`, demo);
  const gallery = hasDemo ? await galleryPage(root, files) : undefined;
  const blind = await blindPage(root, files);
  if (blind !== undefined) {
    files.set(blindScript, await bundleBlind(workspace.root));
  }
  const others = new Map([
    ...blind === undefined ? [] : [[blindPageName, blind] as const],
    ...gallery === undefined ? [] : [[galleryPageName, gallery] as const],
    ...await otherPages(root, pages, storage),
  ]);
  for (const [name, text] of others) texts.set(`${name}.md`, text);
  texts.set("404.md", await missingPage());
  texts.set(
    "index.md",
    frontPage({
      readme,
      notebooks,
      result,
      firstPicture,
      others: [...others.keys()],
      hasDemo,
      code: addresses.code,
    }),
  );
  const sources = await needed(
    Deno.readTextFile,
    join(root, "data", "starter", "SOURCES.csv"),
  );
  texts.set(`${photosPageName}.md`, photosPage(sources));
  await writeFiles(folder, texts);
  await writeFiles(extra, files);
}

/** Colours for a page that the reader or the system made dark. */
const chartStyle = [
  darkRules('body[data-theme="dark"] .chart svg'),
  "@media (prefers-color-scheme: dark) {",
  darkRules('body:not([data-theme="light"]) .chart svg'),
  "}",
  "",
].join("\n");

async function finishPages(folder: string, site = "."): Promise<void> {
  const preview = existsSync(join(folder, previewFile))
    ? `${site.replace(/\/$/, "")}/${previewFile}`
    : undefined;
  for (const path of globSync(`${folder}/*.html`)) {
    const html = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, finishPage(html, preview));
  }
}

/**
 * Completes a page by Sphinx: makes wide code and tables scrollable by keyboard,
 * drops the wrong label of folded code, and adds the scripts of charts, the demo,
 * the gallery and the blind comparison.
 *
 * @param html The page.
 * @param preview The address of a picture to show beside links to the page.
 * @returns The completed page.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { finishPage } from "./publish_site.ts";
 *
 * assertEquals(finishPage("<pre>1</pre>"), '<pre tabindex="0">1</pre>');
 * ```
 */
export function finishPage(html: string, preview?: string): string {
  const script = html.includes('<figure class="chart">')
    ? `<script defer src="${chartScript}"></script>\n`
    : "";
  const demo = html.includes('<div id="demo"')
    ? `<script type="module" src="${demoFolder}/page.js"></script>\n`
    : "";
  const clip = html.includes('<div id="clip"')
    ? `<script type="module" src="${demoFolder}/${clipScript}"></script>\n`
    : "";
  const gallery = html.includes('<div id="gallery"')
    ? [elementScript, "gallery.js"].map((name) =>
      `<script type="module" src="${demoFolder}/${name}"></script>\n`
    ).join("")
    : "";
  const blind = html.includes('<div id="blind"')
    ? `<script type="module" src="${blindScript}"></script>\n`
    : "";
  return html
    .replace("</head>", `${previewTags(html, preview)}</head>`)
    .replace("</body>", `${script}${demo}${clip}${gallery}${blind}</body>`)
    .replaceAll("<pre>", '<pre tabindex="0">')
    .replaceAll('<div class="table-', '<div tabindex="0" class="table-')
    .replaceAll('<summary aria-label="Toggle hidden content">', "<summary>");
}

/** What search engines and messengers show of a page: its first sentences. */
function previewTags(html: string, preview: string | undefined): string {
  const plain = (text: string | undefined) =>
    text?.replaceAll(/<[^>]*>/g, "").replaceAll('"', "&quot;")
      .replaceAll(/\s+/g, " ").trim() ?? "";
  const title = plain(/<title>([\s\S]*?)<\/title>/.exec(html)?.[1]);
  const [first = ""] = /<p>[\s\S]*?<\/p>/.exec(
    html.slice(html.indexOf("<article")),
  ) ?? [];
  const about = plain(first).replace(/^(.{200}\S*)[\s\S]*$/, "$1…");
  if (title === "" || about === "") return "";
  return [
    `<meta name="description" content="${about}">`,
    `<meta property="og:type" content="article">`,
    `<meta property="og:title" content="${title}">`,
    `<meta property="og:description" content="${about}">`,
    ...preview === undefined ? [] : [
      `<meta property="og:image" content="${preview}">`,
      `<meta name="twitter:card" content="summary_large_image">`,
    ],
    "",
  ].join("\n");
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

async function needed<T>(
  read: (path: string) => Promise<T>,
  path: string,
): Promise<T> {
  try {
    return await read(path);
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
