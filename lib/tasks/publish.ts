/**
 * `deno task publish [--out FOLDER] [--code URL]`: builds the site from the notebooks and
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
import { UserError } from "@/errors/user_error.ts";
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
    usage: "deno task publish [--out FOLDER] [--code URL] [--site URL]",
    description: "Builds the site from the notebooks, without running them.",
    options: {
      out: {
        type: "string",
        value: "FOLDER",
        help: "folder of the site (default .site, in the project)",
      },
      code: {
        type: "string",
        value: "URL",
        help: "address of the code, to link to",
      },
      site: {
        type: "string",
        value: "URL",
        help: "address of the site, for previews of links to it",
      },
    },
  }, args);
  const source = { workspace: workspaceAt(), root: PROJECT_ROOT };
  const out = resolve(options.out ?? join(PROJECT_ROOT, ".site"));
  const { code, site } = options;
  for (const address of [code, site]) checkAddress(address);
  await publishSite(source, out, interruptSignal(), {
    ...code === undefined ? {} : { code },
    ...site === undefined ? {} : { site },
  });
  console.log(shownPath(join(out, "index.html")));
}

function checkAddress(address: string | undefined): void {
  if (address === undefined || /^https?:\/\/[^\s"<>]+$/.test(address)) return;
  throw new UserError(
    `"${address}" is no address: it must begin with https://.`,
  );
}

if (import.meta.main) await runTask(main);
