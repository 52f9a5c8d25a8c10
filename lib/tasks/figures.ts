/**
 * `deno task figures [SECTION …]`: draws figures from results again, without
 * training, those of `codec` too. Without names, sections that have no result
 * yet are passed over.
 *
 * @module
 */
import { join } from "node:path";
import { codecFigures } from "@/evaluation/figures.ts";
import { readResult, RESULT_FILE, writeFigures } from "@/sections/mod.ts";
import { parseOptions, runTask, UserError } from "@/tasks/cli/mod.ts";
import { chooseSections } from "./reproduce.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If it makes no sense.
 * @throws {ResultError} If a named section has no result, or one is broken.
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
  const named = words.filter((word) => word !== CODEC);
  if (words.length === 0 || named.length > 0) await drawSections(named, out);
  if (words.length === 0 || words.includes(CODEC)) {
    await drawCodec(join(out, CODEC), words.includes(CODEC));
  }
}

/** What the codec's figures are called; they have a result of their own. */
const CODEC = "codec";

async function drawSections(
  words: readonly string[],
  out: string,
): Promise<void> {
  for (const section of chooseSections(words)) {
    const folder = join(out, section.name);
    if (words.length === 0 && !await exists(join(folder, RESULT_FILE))) {
      console.error(`${section.name}: no result yet, nothing to draw`);
      continue;
    }
    const result = await readResult(folder);
    const figures = await section.figures(result, folder);
    for (const { path } of await writeFigures(folder, figures)) {
      console.log(path);
    }
  }
}

async function drawCodec(folder: string, isNamed: boolean): Promise<void> {
  const figures = await codecFigures(folder);
  if (figures.length === 0 && isNamed) {
    throw new UserError(
      `There is nothing measured in "${folder}": run \`deno task measure\`.`,
    );
  }
  for (const { path } of await writeFigures(folder, figures)) {
    console.log(path);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

if (import.meta.main) await runTask(main);
