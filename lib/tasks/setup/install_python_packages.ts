/**
 * Installs the pinned Python packages with pip.
 *
 * @module
 */
import { join } from "node:path";
import { bytesIn, eachSecond, inMegabytes } from "./count_bytes.ts";
import { type LoggedOptions, runStep } from "./run_logged.ts";
import { damagedPackages, findSitePackages } from "./site_packages.ts";
import { notebookPins } from "./stamp.ts";
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
 * @param requirements The file that lists the packages.
 * @param options How pip is run and watched.
 * @param onDetail Called with what is being downloaded.
 * @throws {UserError} If pip fails.
 */
export async function installPythonPackages(
  workspace: Workspace,
  requirements: string,
  options: LoggedOptions,
  onDetail: (text: string) => void,
): Promise<void> {
  const sitePackages = findSitePackages(workspace);
  if (sitePackages !== undefined) await removeRemains(sitePackages);
  const temporary = join(workspace.venv, "download");
  await Deno.mkdir(temporary, { recursive: true });
  let [current, bytes] = ["", 0];
  try {
    using _ = eachSecond(() => {
      // pip removes what it has unpacked.
      bytes = Math.max(bytes, bytesIn(temporary));
      const sofar = bytes > 0 ? `, ${inMegabytes(bytes)} so far` : "";
      onDetail(`${current}${current && sofar}`);
    });
    await runStep(
      "Installing the Python packages",
      workspace.python,
      [
        ...["-I", "-m", "pip", "install", "--progress-bar=off", "--retries=2"],
        ...["-r", requirements, "-c", notebookPins(workspace)[1]],
      ],
      {
        ...options,
        env: {
          PIP_DISABLE_PIP_VERSION_CHECK: "1",
          PIP_NO_INPUT: "1",
          TMPDIR: temporary,
        },
        onLine: (line) => current = describePipLine(line) ?? current,
      },
    );
  } finally {
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
  }
}
