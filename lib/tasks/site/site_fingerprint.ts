/**
 * Whether a built site is up to date: a hash of all that it is built from.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SiteSource } from "./publish_site.ts";
import { readStamp } from "./site_folder.ts";

/**
 * Hash the notebooks, the README, its picture's folder, the photos' sources,
 * and the code and pins that make pages from them.
 *
 * @returns Hexadecimal SHA-256.
 */
export function siteFingerprint({ root, workspace }: SiteSource): string {
  const code = [
    ...["lib/charts", "lib/codec", "lib/web"],
    ...["lib/tasks/site", "lib/tasks/setup"],
  ];
  const paths = [
    ...["README.md", "notebooks", "results", "data/starter/SOURCES.csv"]
      .map((name) => join(root, name)),
    ...[...code, "deno.lock"].map((name) => join(workspace.root, name)),
  ];
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesBelow)) {
    hash.update(path).update("\0").update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Published files: runs, caches and other folders that Git ignores are not. */
function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((name) => !/^\.|^runs$|^__/.test(name))
    .sort().flatMap((name) => filesBelow(join(path, name)));
}

/**
 * Whether the site in a folder shows what there is now.
 *
 * @param source What it should be built from.
 * @param out The folder.
 */
export async function isFresh(
  source: SiteSource,
  out: string,
): Promise<boolean> {
  return await readStamp(out) === siteFingerprint(source);
}
