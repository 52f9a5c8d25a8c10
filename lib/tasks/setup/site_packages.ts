/**
 * The packages in the environment's `site-packages`.
 *
 * @module
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { UserError } from "@/errors/user_error.ts";
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

/**
 * Finds the version of an installed package.
 *
 * @param sitePackages The folder `site-packages`.
 * @param name The package's name in requirements, such as `"deno"`.
 * @returns The version, or `undefined` if it is not installed.
 */
export function installedVersion(
  sitePackages: string,
  name: string,
): string | undefined {
  const start = `${name.toLowerCase().replaceAll(/[-_.]+/g, "_")}-`;
  return readdirSync(sitePackages)
    .filter((entry) => entry.endsWith(".dist-info"))
    .find((entry) => entry.toLowerCase().startsWith(start))
    ?.slice(start.length, -".dist-info".length);
}

const libraryNames = /^libtensorflow_(cc|framework)(\.so\.2|\.2\.dylib)$/;

/**
 * Finds the folder of TensorFlow's shared libraries.
 *
 * @param workspace The checkout.
 * @returns The folder, relative to `.venv`.
 * @throws {UserError} If they are missing.
 */
export function findTensorflowLibrary(workspace: Workspace): string {
  const sitePackages = findSitePackages(workspace);
  const folder = sitePackages && join(sitePackages, "tensorflow");
  const count = folder !== undefined && existsSync(folder)
    ? readdirSync(folder).filter((name) => libraryNames.test(name)).length
    : 0;
  if (folder === undefined || count < 2) {
    throw new UserError(
      `TensorFlow's shared libraries are not in "${folder ?? workspace.venv}"` +
        ': remove the folder .venv and run "deno task setup" again.',
    );
  }
  return relative(workspace.venv, folder);
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
