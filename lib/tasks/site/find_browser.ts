/**
 * A browser for the tests of the site.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { UserError } from "@/errors/user_error.ts";

/** Where Chromium and Chrome usually are. */
const usual = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Find Chromium or Chrome.
 *
 * @param named The one to use, if any; the usual places when empty.
 * @param exists Whether a file is there.
 * @throws {UserError} When there is none, with what to install.
 */
export function findBrowser(
  named?: string,
  exists: (path: string) => boolean = existsSync,
): string {
  if (named) {
    if (exists(named)) return named;
    throw new UserError(
      `CHROMIUM names the browser "${named}", which is not there.`,
    );
  }
  const found = usual.find(exists);
  if (found !== undefined) return found;
  throw new UserError(
    'No browser was found: install Chromium ("apt install chromium" on ' +
      "Debian) or name one by CHROMIUM=/path/to/chromium.",
  );
}
