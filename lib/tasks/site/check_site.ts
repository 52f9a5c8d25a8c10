/**
 * What would be wrong with a site on a static host: links that lead nowhere,
 * anything that a page would fetch from elsewhere, and too many bytes.
 *
 * @module
 */
import { join } from "node:path";
import { figureFaults } from "./check_figures.ts";
import { addressesIn, foreignAddresses } from "./page_addresses.ts";
import { listFiles, type SiteFile } from "./site_folder.ts";

/** Bytes that a site may have. */
export const largestSite = 30_000_000;

/** Bytes of a page with its styles and scripts, without photos. */
export const largestPage = 3_000_000;

/**
 * Look for faults of a built site.
 *
 * @param folder The site.
 * @returns Each fault in a sentence.
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
        .map((address) => about(`would fetch "${address}" from elsewhere`)),
    );
    if (!path.endsWith(".html")) continue;
    faults.push(
      ...brokenLinks(path, text, files, ids)
        .map((link) => about(`links to "${link}", which is not there`)),
      ...figureFaults(text).map(about),
    );
    const bytes = pageBytes(path, text, files);
    if (bytes > largestPage) {
      faults.push(about(`loads ${bytes} bytes, more than ${largestPage}`));
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
