/**
 * `deno task figures [SECTION …]`: redraws the figures of results without
 * training, those of `codec` too. Without names, sections that have no result
 * yet are skipped.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { codecFigures } from "@/evaluation/figures.ts";
import { RESULT_FILE, writeFigures } from "@/experiment/results.ts";
import { readPublished, sectionNames } from "@/sections/published.ts";
import {
  chooseWords,
  OUT_OPTION,
  parseOptions,
  resultsFolder,
  runTask,
  shownPath,
  UserError,
} from "@/tasks/cli/mod.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid.
 * @throws {ResultError} If a named section has no result, or one is invalid.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task figures [SECTION …]",
    description: "Redraws the figures of results, without training.",
    words: "SECTION",
    options: { out: OUT_OPTION },
  }, args);
  const out = resultsFolder(options.out);
  const named = words.filter((word) => word !== CODEC);
  if (words.length === 0 || named.length > 0) await drawSections(named, out);
  if (words.length === 0 || words.includes(CODEC)) {
    await drawCodec(join(out, CODEC), words.includes(CODEC));
  }
}

/** The name of the codec's figures, which have results of their own. */
const CODEC = "codec";

async function drawSections(
  words: readonly string[],
  out: string,
): Promise<void> {
  const names = chooseWords(words, sectionNames, "There is no section");
  for (const name of names) {
    const folder = join(out, name);
    if (words.length === 0 && !existsSync(join(folder, RESULT_FILE))) {
      console.error(`${name} has no result yet: nothing to draw.`);
      continue;
    }
    const { figures } = await readPublished(name, folder);
    for (const { path } of await writeFigures(folder, figures)) {
      console.log(shownPath(path));
    }
  }
}

async function drawCodec(folder: string, isNamed: boolean): Promise<void> {
  const figures = await codecFigures(folder);
  if (Object.keys(figures).length === 0 && isNamed) {
    throw new UserError(
      `There are no measurements in "${folder}": run \`deno task measure\`.`,
    );
  }
  for (const { path } of await writeFigures(folder, figures)) {
    console.log(shownPath(path));
  }
}

if (import.meta.main) await runTask(main);
