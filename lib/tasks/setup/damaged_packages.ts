/**
 * Finds Python packages that an interrupted pip left incomplete. pip takes a
 * package for installed as soon as its metadata is there, but it writes the
 * list of files, `RECORD`, only after all of them.
 *
 * @see {@link https://packaging.python.org/en/latest/specifications/recording-installed-packages/}
 * @module
 */
import { statSync } from "node:fs";
import { basename, join } from "node:path";

/** A package whose files are not all there. */
export interface DamagedPackage {
  /** Its name and version, such as `"numpy==2.4.6"`. */
  readonly requirement: string;
  /** The folder of its metadata. */
  readonly metadata: string;
}

function readOptional(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

function isWhole(sitePackages: string, record: string): boolean {
  for (const line of record.split("\n")) {
    const match = /^"?(.+?)"?,[^,]*,(\d*)\r?$/.exec(line);
    if (match === null || match[1] === undefined || match[2] === "") continue;
    if (match[1].endsWith(".pyc")) continue;
    const stat = statSync(join(sitePackages, match[1]), {
      throwIfNoEntry: false,
    });
    if (stat?.size !== Number(match[2])) return false;
  }
  return true;
}

/** The incomplete packages of the folder `site-packages`. */
export function damagedPackages(sitePackages: string): DamagedPackage[] {
  const damaged: DamagedPackage[] = [];
  for (const { name } of Deno.readDirSync(sitePackages)) {
    if (!name.endsWith(".dist-info")) continue;
    const metadata = join(sitePackages, name);
    const record = readOptional(join(metadata, "RECORD"));
    if (record !== undefined && isWhole(sitePackages, record)) continue;
    const [project = "", version = ""] = basename(name, ".dist-info")
      .split("-");
    damaged.push({ requirement: `${project}==${version}`, metadata });
  }
  return damaged.sort((a, b) => a.requirement < b.requirement ? -1 : 1);
}
