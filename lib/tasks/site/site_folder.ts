/**
 * The folder of a built site, which an interrupted build leaves as it was.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { UserError } from "@/errors/user_error.ts";

/** A file that marks a folder as a site; it says what that was built from. */
export const siteStamp = "site.sha256";

/**
 * Check that a folder may be replaced: absent, empty or an earlier site.
 *
 * @throws {UserError} When it holds anything else.
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
 * Read what the site in a folder was built from.
 *
 * @returns Undefined when there is no site.
 */
export async function readStamp(out: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(join(out, siteStamp));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Put a new site in the place of the old one.
 *
 * @param site The new site; it is moved where the disk allows it.
 * @param out See {@linkcode checkFolder}.
 */
export async function replaceSite(site: string, out: string): Promise<void> {
  await Deno.mkdir(dirname(out), { recursive: true });
  const fresh = `${out}.new`;
  await remove(fresh);
  await copy(site, fresh);
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

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

/** A file of a site. */
export interface SiteFile {
  /** Relative to the site. */
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
}

/**
 * List the files of a site, in the order of their names.
 *
 * @param folder The site.
 */
export function listFiles(folder: string): SiteFile[] {
  const below = (path: string): SiteFile[] =>
    Array.from(Deno.readDirSync(join(folder, path))).flatMap((entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory) return below(inside);
      return [{
        path: inside,
        bytes: Deno.statSync(join(folder, inside)).size,
      }];
    });
  return below("").toSorted((a, b) => a.path < b.path ? -1 : 1);
}
