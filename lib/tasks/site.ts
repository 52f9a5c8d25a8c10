/**
 * `deno task site [--port N]`: serves the site on this machine; builds it first
 * if it is missing or out of date.
 *
 * @module
 */
import { join } from "node:path";
import { serveFolder } from "@/edge/serve_folder.ts";
import { interruptSignal, parseOptions, runTask } from "@/tasks/cli/mod.ts";
import { publishSite } from "@/tasks/site/publish_site.ts";
import { isFresh } from "@/tasks/site/site_folder.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/**
 * Runs the task until it is interrupted.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, or the site cannot be built.
 */
export async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task site [--port N]",
    description: "Serves the site on this machine. Builds it first if it is " +
      "missing or out of date.",
    options: {
      port: {
        type: "number",
        help: "port to listen on; 0 for any free one",
        default: 8000,
        min: 0,
        max: 65535,
        integer: true,
      },
    },
  }, args);
  const source = { workspace: workspaceAt(), root: PROJECT_ROOT };
  const out = join(PROJECT_ROOT, ".site");
  const signal = interruptSignal();
  if (!isFresh(source, out)) await publishSite(source, out, signal);
  const server = serveFolder(out, { port: options.port });
  console.log(`The site: ${server.address}`);
  console.log("Stop it with Ctrl+C.");
  signal.addEventListener("abort", () => server.close());
  await server.finished;
  signal.throwIfAborted();
}

if (import.meta.main) await runTask(main);
