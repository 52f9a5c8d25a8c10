/**
 * `deno task publish [--out FOLDER]`: builds the site from the notebooks and
 * results, without running them, for any static host.
 *
 * @module
 */
import { join, resolve } from "node:path";
import {
  interruptSignal,
  parseOptions,
  runTask,
  shownPath,
} from "@/tasks/cli/mod.ts";
import { publishSite } from "@/tasks/site/publish_site.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, or a notebook lacks outputs.
 */
export async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task publish [--out FOLDER]",
    description: "Builds the site from the notebooks, without running them.",
    options: {
      out: {
        type: "string",
        value: "FOLDER",
        help: "folder of the site (default .site, in the project)",
      },
    },
  }, args);
  const source = { workspace: workspaceAt(), root: PROJECT_ROOT };
  const out = resolve(options.out ?? join(PROJECT_ROOT, ".site"));
  await publishSite(source, out, interruptSignal());
  console.log(shownPath(join(out, "index.html")));
}

if (import.meta.main) await runTask(main);
