/**
 * `deno task publish [--out FOLDER]`: builds the site from the notebooks and
 * results as they are, for any static host.
 *
 * @module
 */
import { join, relative, resolve } from "node:path";
import { interruptSignal, parseOptions, runTask } from "@/tasks/cli/mod.ts";
import { publishSite } from "@/tasks/site/publish_site.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If it makes no sense, or a notebook is not ready.
 */
export async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task publish [--out FOLDER]",
    description: "Builds the site from the notebooks as they are.",
    options: {
      out: { type: "string", help: "folder of the site instead of .site" },
    },
  }, args);
  const workspace = workspaceAt();
  const out = resolve(options.out ?? join(workspace.root, ".site"));
  const source = { workspace, root: workspace.root };
  await publishSite(source, out, interruptSignal());
  console.log(relative(Deno.cwd(), join(out, "index.html")));
}

if (import.meta.main) await runTask(main);
