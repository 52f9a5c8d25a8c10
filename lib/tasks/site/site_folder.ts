/**
 * The folder of a built site, which an interrupted build leaves unchanged.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Workspace } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

/** What the site is built from. */
export interface SiteSource {
  /** The environment that holds Sphinx. */
  readonly workspace: Workspace;
  /** The folder of the README, `notebooks/`, `results/` and `data/`. */
  readonly root: string;
}

/** A file that marks a folder as a site, and holds its fingerprint. */
const siteStamp = "site.sha256";

/**
 * Hashes the notebooks, the README and its pictures, the photos' sources, and
 * the code and pins that make pages from them.
 *
 * @param source What the site is built from.
 * @returns A SHA-256 hash in hexadecimal digits.
 */
export function siteFingerprint({ root, workspace }: SiteSource): string {
  const content = [
    "README.md",
    "notebooks",
    "results",
    "data/starter/SOURCES.csv",
  ].map((name) => join(root, name));
  const code = [
    ...["lib/charts", "lib/codec", "lib/evaluation", "lib/web"],
    ...["lib/tasks/site", "lib/tasks/setup", "deno.lock"],
  ].map((name) => join(workspace.root, name));
  const hash = createHash("sha256");
  for (const path of [...content, ...code].flatMap(filesBelow)) {
    hash.update(path).update("\0").update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Published files: not runs, caches and other folders that Git ignores. */
function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((name) => !/^\.|^runs$|^__/.test(name))
    .sort().flatMap((name) => filesBelow(join(path, name)));
}

/**
 * Checks whether a site is up to date.
 *
 * @param source What it should be built from.
 * @param out The folder of the site.
 * @returns Whether it is; false if there is none.
 */
export function isFresh(source: SiteSource, out: string): boolean {
  const stamp = join(out, siteStamp);
  return existsSync(stamp) &&
    readFileSync(stamp, "utf8") === siteFingerprint(source);
}

/**
 * Checks that a folder may be replaced: missing, empty or an earlier site.
 *
 * @param out The folder.
 * @throws {UserError} If it holds anything else.
 */
export function checkFolder(out: string): void {
  try {
    const names = Array.from(Deno.readDirSync(out), ({ name }) => name);
    if (names.length === 0 || names.includes(siteStamp)) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (!(error instanceof Deno.errors.NotADirectory)) throw error;
  }
  throw new UserError(
    `"${out}" holds something other than a site: give a new folder by --out.`,
  );
}

/**
 * Replaces an earlier site by a new one.
 *
 * @param site The folder of the new site, which is copied.
 * @param out The folder of the earlier one; see {@linkcode checkFolder}.
 * @param fingerprint What the new site was built from.
 */
export async function replaceSite(
  site: string,
  out: string,
  fingerprint: string,
): Promise<void> {
  const fresh = `${out}.new`;
  await remove(fresh);
  for (const { path } of listFiles(site)) {
    await Deno.mkdir(dirname(join(fresh, path)), { recursive: true });
    await Deno.copyFile(join(site, path), join(fresh, path));
  }
  await Deno.writeTextFile(join(fresh, siteStamp), fingerprint);
  await remove(out);
  await Deno.rename(fresh, out);
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A file of a site. */
export interface SiteFile {
  /** The path, relative to the site. */
  readonly path: string;
  /** The size. */
  readonly bytes: number;
}

/**
 * Lists the files of a site.
 *
 * @param folder The site.
 * @returns The files, by path.
 */
export function listFiles(folder: string): SiteFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({
      path: relative(folder, path),
      bytes: statSync(path).size,
    }))
    .toSorted((a, b) => a.path < b.path ? -1 : 1);
}
