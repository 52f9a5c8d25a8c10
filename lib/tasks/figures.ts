/**
 * `deno task figures [SECTION …]`: draws figures from results again, without
 * training.
 *
 * @module
 */
import { join } from "node:path";
import { readResult, writeFigures } from "@/sections/mod.ts";
import { parseOptions, runTask } from "./_cli.ts";
import { chooseSections } from "./reproduce.ts";
import { workspaceAt } from "./setup/workspace.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If it makes no sense.
 * @throws {ResultError} If a section has no result.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task figures [SECTION …]",
    description: "Draws the figures of results again, without training.",
    words: "SECTION",
    options: {
      out: { type: "string", help: "folder of the results instead of results" },
    },
  }, args);
  const out = options.out ?? join(workspaceAt().root, "results");
  for (const section of chooseSections(words)) {
    const folder = join(out, section.name);
    const result = await readResult(folder);
    const figures = await section.figures(result, folder);
    for (const { path } of await writeFigures(folder, figures)) {
      console.log(path);
    }
  }
}

if (import.meta.main) await runTask(main);
