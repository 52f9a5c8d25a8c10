/**
 * Installs the pinned Python packages with pip.
 *
 * @module
 */
import { join } from "node:path";
import type { Variant } from "./check_platform.ts";
import { damagedPackages } from "./damaged_packages.ts";
import { explainFailure } from "./explain_failure.ts";
import type { LoggedOptions } from "./run_logged.ts";
import { runLogged } from "./run_logged.ts";
import { findSitePackages, installedVersion } from "./site_packages.ts";
import { pinFiles } from "./stamp.ts";
import type { Workspace } from "./workspace.ts";

const step = "Installing the Python packages";

/** What a line of pip's output says to the user, if anything. */
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

/** The package that must not lie beside the one of `variant`. */
function otherVariant(variant: Variant): string {
  const named = Deno.build.os === "linux" && Deno.build.arch === "x86_64";
  return variant === "cpu" && named ? "tensorflow" : "tensorflow-cpu";
}

/** Makes pip see packages that an interrupted pip left incomplete as absent. */
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
 * Brings the environment to the pinned packages: repairs what an interrupted
 * pip left behind, then installs what is missing.
 *
 * @param onDetail Told what is being downloaded.
 * @throws {UserError} Where pip fails.
 */
export async function installPythonPackages(
  workspace: Workspace,
  variant: Variant,
  options: LoggedOptions,
  onDetail: (text: string) => void,
): Promise<void> {
  const pip = async (args: string[]): Promise<void> => {
    const result = await runLogged(
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
    if (!result.success) {
      throw explainFailure(step, result.text, ".venv/setup.log");
    }
  };
  const [requirements = "", tensorflow = "", constraints = ""] = pinFiles(
    workspace,
    variant,
  );
  const sitePackages = findSitePackages(workspace);
  if (sitePackages !== undefined) {
    await removeRemains(sitePackages);
    const other = otherVariant(variant);
    if (installedVersion(sitePackages, other) !== undefined) {
      await pip(["uninstall", "--yes", other]);
    }
  }
  await pip([
    "install",
    "--progress-bar=off",
    "--retries=2",
    ...["-r", requirements, "-r", tensorflow, "-c", constraints],
  ]);
}
