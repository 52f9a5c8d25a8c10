/**
 * What lies in the environment's `site-packages`.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { UserError } from "@/errors/user_error.ts";
import type { Workspace } from "./workspace.ts";

/** The folder `site-packages`, or `undefined` before it is made. */
export function findSitePackages(workspace: Workspace): string | undefined {
  const lib = join(workspace.venv, "lib");
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib).filter((name) => name.startsWith("python3."))
    .map((name) => join(lib, name, "site-packages"))
    .find((path) => existsSync(path));
}

/**
 * The version of an installed package.
 *
 * @param name Its name as it is spelt in requirements, such as `"deno"`.
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
 * The folder that holds TensorFlow's shared libraries, relative to `.venv`.
 *
 * @throws {UserError} Where they are missing.
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
