/**
 * Checks a site before it goes to a static host: broken links, anything that a
 * page would load from another host, inaccessible figures, and too many bytes.
 *
 * @module
 */
import { join } from "node:path";
import { addressesIn, foreignAddresses } from "./page_addresses.ts";
import { listFiles, type SiteFile } from "./site_folder.ts";

/** The maximum size of a site in bytes. */
const largestSite = 30_000_000;

/** The maximum size of a page with its styles and scripts, without photos. */
const largestPage = 3_000_000;

/**
 * Finds the faults of a built site.
 *
 * @param folder The site.
 * @returns A sentence for each fault.
 */
export async function siteFaults(folder: string): Promise<string[]> {
  const files = listFiles(folder);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const faults = total > largestSite
    ? [`The site has ${total} bytes, more than ${largestSite}.`]
    : [];
  const texts = new Map<string, string>();
  for (const { path } of files) {
    if (!/\.(html|css|js|json)$/.test(path)) continue;
    texts.set(path, await Deno.readTextFile(join(folder, path)));
  }
  const ids = new Map(
    Array.from(texts, ([path, text]) => [path, idsOf(text)] as const),
  );
  for (const [path, text] of texts) {
    const about = (fault: string) => `"${path}" ${fault}.`;
    faults.push(
      ...foreignAddresses(path, text)
        .map((address) => about(`would load "${address}" from another host`)),
    );
    if (!path.endsWith(".html")) continue;
    faults.push(
      ...brokenLinks(path, text, files, ids)
        .map((link) => about(`links to "${link}", which does not exist`)),
      ...figureFaults(text).map(about),
    );
    const bytes = pageBytes(path, text, files);
    if (bytes > largestPage) {
      faults.push(about(`loads ${bytes} bytes, more than ${largestPage}`));
    }
  }
  return faults;
}

/** Charts without a picture or a table, and pictures without alt text. */
function figureFaults(html: string): string[] {
  const charts = html.match(/<figure class="chart">[\s\S]*?<\/figure>/g) ?? [];
  const images = html.match(/<img\b(?:[^>"]|"[^"]*")*>/g) ?? [];
  const faults: string[] = [];
  for (const chart of charts) {
    if (!/<svg\b[^>]*\saria-label="[^"]+"/.test(chart)) {
      faults.push("has a chart without a picture");
    }
    if (!/<table>[\s\S]*<td\b/.test(chart)) {
      faults.push("has a chart without a table of its numbers");
    }
  }
  for (const image of images) {
    if (!/\salt="[^"]+"/.test(image)) {
      faults.push("has a picture without alt text");
    }
  }
  return faults;
}

function idsOf(html: string): Set<string> {
  return new Set(
    Array.from(html.matchAll(/\sid="([^"]*)"/g), ([, id = ""]) => id),
  );
}

function brokenLinks(
  page: string,
  html: string,
  files: readonly SiteFile[],
  ids: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const paths = new Set(files.map(({ path }) => path));
  const links = addressesIn(html)
    .filter(({ tag, address }) => tag === "a" || !address.startsWith("//"));
  return links.map(({ address }) => address).filter((address) => {
    if (/^(https?:|mailto:|data:)/.test(address)) return false;
    const [target = "", anchor = ""] = address.split("#");
    const path = target.split("?")[0] || page;
    if (!paths.has(path)) return true;
    return anchor !== "" && !ids.get(path)?.has(decodeURIComponent(anchor));
  });
}

/** A page with the styles and scripts that it loads. */
function pageBytes(
  page: string,
  html: string,
  files: readonly SiteFile[],
): number {
  const loaded = addressesIn(html)
    .filter(({ tag }) => tag === "link" || tag === "script")
    .map(({ address }) => address.split(/[?#]/)[0]);
  const used = new Set([page, ...loaded]);
  return files.filter(({ path }) => used.has(path))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}
