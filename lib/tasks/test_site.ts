/**
 * `deno task test:site`: opens every page of the site in a real browser, at
 * the width of a phone and of a desk, with and without JavaScript.
 *
 * @module
 */
import { join } from "node:path";
import { interruptSignal, parseOptions, runTask } from "@/tasks/cli/mod.ts";
import { findBrowser } from "@/tasks/site/find_browser.ts";
import { publishSite } from "@/tasks/site/publish_site.ts";
import { isFresh } from "@/tasks/site/site_fingerprint.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

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
    description: "Tests the site in a browser, built anew where need be. " +
      "CHROMIUM names the browser.",
    options: {},
  }, args);
  const workspace = workspaceAt();
  const { root } = workspace;
  const signal = interruptSignal();
  const browser = findBrowser(Deno.env.get("CHROMIUM"));
  const out = join(root, ".site");
  const source = { workspace, root };
  if (!await isFresh(source, out)) await publishSite(source, out, signal);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--allow-all"],
      ...["browser.ts", "browser_demo.ts"]
        .map((name) => `tests/tasks/site/${name}`),
    ],
    cwd: root,
    env: { ONECODE_SITE: out, CHROMIUM: browser },
    stdin: "null",
  }).spawn().status;
  return code;
}

if (import.meta.main) await runTask(main);
