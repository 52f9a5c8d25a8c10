/**
 * The packages in the environment's `site-packages`.
 *
 * @module
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Workspace } from "./workspace.ts";

/**
 * Finds the folder `site-packages`.
 *
 * @param workspace The checkout.
 * @returns Its path, or `undefined` before it is made.
 */
export function findSitePackages(workspace: Workspace): string | undefined {
  const lib = join(workspace.venv, "lib");
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib).filter((name) => name.startsWith("python3."))
    .map((name) => join(lib, name, "site-packages"))
    .find((path) => existsSync(path));
}

/** A package that lacks some of its files. */
export interface DamagedPackage {
  /** Its name and version, such as `"numpy==2.4.6"`. */
  readonly requirement: string;
  /** The folder of its metadata. */
  readonly metadata: string;
}

/**
 * Finds packages that an interrupted pip left incomplete. pip considers a
 * package installed as soon as its metadata exists, but it writes the list of
 * files, `RECORD`, after all of them.
 *
 * @param sitePackages The folder `site-packages`.
 * @returns The packages by name.
 * @see {@link https://packaging.python.org/en/latest/specifications/recording-installed-packages/}
 */
export function damagedPackages(sitePackages: string): DamagedPackage[] {
  return readdirSync(sitePackages)
    .filter((name) => name.endsWith(".dist-info"))
    .filter((name) => !isComplete(sitePackages, join(name, "RECORD"))).sort()
    .map((name) => {
      const [project, version] = basename(name, ".dist-info").split("-");
      return {
        requirement: `${project}==${version}`,
        metadata: join(sitePackages, name),
      };
    });
}

/** Whether all files of a `RECORD` exist with their sizes. */
function isComplete(sitePackages: string, record: string): boolean {
  const path = join(sitePackages, record);
  if (!existsSync(path)) return false;
  // A path, in quotes if need be, a hash and a size in bytes.
  const rows = Deno.readTextFileSync(path)
    .matchAll(/^"?(.+?)"?,[^,\n]*,(\d+)\r?$/gm);
  for (const [, name = "", bytes] of rows) {
    if (name.endsWith(".pyc")) continue;
    const file = statSync(join(sitePackages, name), { throwIfNoEntry: false });
    if (file?.size !== Number(bytes)) return false;
  }
  return true;
}
