/**
 * `deno task site [--port N]`: shows the site on this machine; it is built
 * first where it is absent or older than what it shows.
 *
 * @module
 */
import { join } from "node:path";
import { interruptSignal, parseOptions, runTask } from "@/tasks/cli/mod.ts";
import { publishSite } from "@/tasks/site/publish_site.ts";
import { serveSite } from "@/tasks/site/serve_site.ts";
import { isFresh } from "@/tasks/site/site_fingerprint.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/**
 * Runs the task until it is interrupted.
 *
 * @param args The command line.
 * @throws {UserError} If it makes no sense, or the site cannot be built.
 */
export async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task site [--port N]",
    description: "Shows the site on this machine, built anew where need be.",
    options: {
      port: {
        type: "number",
        help: "port to listen on; 0 takes any free one",
        default: 8000,
        min: 0,
        max: 65535,
        integer: true,
      },
    },
  }, args);
  const workspace = workspaceAt();
  const source = { workspace, root: workspace.root };
  const out = join(workspace.root, ".site");
  const signal = interruptSignal();
  if (!await isFresh(source, out)) await publishSite(source, out, signal);
  const server = serveSite(out, options.port);
  console.log(`The site: ${server.address}`);
  console.log("Stop it with Ctrl+C.");
  signal.addEventListener("abort", () => server.close());
  await server.finished;
}

if (import.meta.main) await runTask(main);
