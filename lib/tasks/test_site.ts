/**
 * `deno task test:site`: opens every page of the site in a real browser, at the
 * widths of a phone and of a desktop, with and without JavaScript.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import {
  interruptSignal,
  parseOptions,
  runTask,
  UserError,
} from "@/tasks/cli/mod.ts";
import { publishSite } from "@/tasks/site/publish_site.ts";
import { isFresh } from "@/tasks/site/site_folder.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/** The usual paths of Chromium and Chrome. */
const usual = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Finds Chromium or Chrome.
 *
 * @param named The path to use; if empty, the usual paths are tried.
 * @param exists Whether a file exists.
 * @returns The path of the browser.
 * @throws {UserError} If there is none, with what to install.
 */
export function findBrowser(
  named?: string,
  exists: (path: string) => boolean = existsSync,
): string {
  if (named) {
    if (exists(named)) return named;
    throw new UserError(
      `CHROMIUM is "${named}", but there is no such file.`,
    );
  }
  const found = usual.find(exists);
  if (found !== undefined) return found;
  throw new UserError(
    'No browser was found: install Chromium ("apt install chromium" on ' +
      "Debian), or set CHROMIUM to the path of one.",
  );
}

/**
 * Runs the task.
 *
 * @param args The command line.
 * @returns The status of `deno test`.
 * @throws {UserError} If there is no browser, or the site cannot be built.
 */
export async function main(args: string[]): Promise<number> {
  parseOptions({
    usage: "deno task test:site",
    description: "Tests the site in a browser. Builds it first if it is " +
      "missing or out of date. CHROMIUM is the path of the browser.",
    options: {},
  }, args);
  const signal = interruptSignal();
  const browser = findBrowser(Deno.env.get("CHROMIUM"));
  const out = join(PROJECT_ROOT, ".site");
  const source = { workspace: workspaceAt(), root: PROJECT_ROOT };
  if (!isFresh(source, out)) await publishSite(source, out, signal);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--allow-all"],
      ...[
        "browser.ts",
        "browser_clip.ts",
        "browser_colours.ts",
        "browser_demo.ts",
        "browser_element.ts",
        "browser_gallery.ts",
        "browser_latents.ts",
        "browser_package.ts",
        "browser_speed.ts",
      ]
        .map((name) => `tests/tasks/site/${name}`),
    ],
    cwd: PROJECT_ROOT,
    env: { ONECODE_SITE: out, CHROMIUM: resolve(browser) },
    stdin: "null",
    signal,
  }).spawn().status;
  signal.throwIfAborted();
  return code;
}

if (import.meta.main) await runTask(main);
