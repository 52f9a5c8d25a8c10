/**
 * Installs the pinned Python packages with pip.
 *
 * @module
 */
import { join } from "node:path";
import type { Variant } from "./check_platform.ts";
import { type LoggedOptions, runStep } from "./run_logged.ts";
import {
  damagedPackages,
  findSitePackages,
  installedVersion,
} from "./site_packages.ts";
import { pinFiles } from "./stamp.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Translates a line of pip's output for the user.
 *
 * @param line The line.
 * @returns Such as `"numpy 2.4.6 (16.5 MB)"`; `undefined` for other lines.
 */
export function describePipLine(line: string): string | undefined {
  const download =
    /^\s*(?:Downloading|Using cached)\s+(\S+?)-(\d\S*?)-\S+\s+(\(.+\))/
      .exec(line);
  if (download !== null) {
    return `${download[1]} ${download[2]} ${download[3]}`;
  }
  if (/^\s*Installing collected packages/.test(line)) {
    return "unpacking, about a minute";
  }
  return undefined;
}

/** The package of the other build, which must not be installed as well. */
function otherVariant(variant: Variant): string {
  const named = Deno.build.os === "linux" && Deno.build.arch === "x86_64";
  return variant === "cpu" && named ? "tensorflow" : "tensorflow-cpu";
}

/** Removes the metadata of incomplete packages, so that pip installs them. */
async function removeRemains(sitePackages: string): Promise<void> {
  for (const { metadata } of damagedPackages(sitePackages)) {
    await Deno.remove(metadata, { recursive: true });
  }
  for await (const { name } of Deno.readDir(sitePackages)) {
    if (!name.startsWith("~")) continue;
    await Deno.remove(join(sitePackages, name), { recursive: true });
  }
}

/**
 * Installs the pinned packages that are missing, and repairs what an
 * interrupted pip left behind.
 *
 * @param workspace The checkout.
 * @param variant The build of TensorFlow.
 * @param options How pip is run and watched.
 * @param onDetail Called with what is being downloaded.
 * @throws {UserError} If pip fails.
 */
export async function installPythonPackages(
  workspace: Workspace,
  variant: Variant,
  options: LoggedOptions,
  onDetail: (text: string) => void,
): Promise<void> {
  const pip = async (...args: string[]) => {
    await runStep(
      "Installing the Python packages",
      workspace.python,
      ["-I", "-m", "pip", ...args],
      {
        ...options,
        env: { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1" },
        onLine: (line) => {
          const text = describePipLine(line);
          if (text !== undefined) onDetail(text);
        },
      },
    );
  };
  const sitePackages = findSitePackages(workspace);
  if (sitePackages !== undefined) {
    await removeRemains(sitePackages);
    const other = otherVariant(variant);
    if (installedVersion(sitePackages, other) !== undefined) {
      await pip("uninstall", "--yes", other);
    }
  }
  const [requirements, tensorflow, constraints] = pinFiles(workspace, variant);
  await pip(
    ...["install", "--progress-bar=off", "--retries=2"],
    ...["-r", requirements, "-r", tensorflow, "-c", constraints],
  );
}
