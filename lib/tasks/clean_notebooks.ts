/**
 * `deno task clean-notebooks`: brings notebooks to the form in which they are
 * kept; with `--check` it only tells which are not in it.
 *
 * @module
 */
import { relative } from "node:path";
import {
  cleanNotebook,
  notebookProblems,
  notebookText,
} from "@/tasks/notebooks/clean_notebook.ts";
import {
  notebookPaths,
  parseNotebook,
} from "@/tasks/notebooks/notebook_file.ts";
import { parseOptions } from "@/tasks/cli/parse_options.ts";
import { runTask } from "@/tasks/cli/run_task.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

/** Folders of this machine that no notebook may name. */
export function machineFolders(): string[] {
  const home = Deno.env.get("HOME") ?? "";
  return [workspaceAt().root, home].filter((path) => path.length > 1)
    .map((path) => `${path}/`);
}

/**
 * Cleans the notebooks `paths` in place.
 *
 * @param check Whether the files are left alone.
 * @param onCleaned Told the name of each file that is changed.
 * @param folders Folders of this machine that no notebook may name.
 * @returns What is wrong with them, each in a sentence.
 */
export async function cleanNotebooks(
  paths: readonly string[],
  check: boolean,
  onCleaned: (name: string) => void = () => {},
  folders: readonly string[] = machineFolders(),
): Promise<string[]> {
  const wrong: string[] = [];
  for (const path of paths) {
    const name = relative(Deno.cwd(), path);
    let text: string;
    try {
      text = await Deno.readTextFile(path);
    } catch {
      throw new UserError(`There is no notebook "${name}".`);
    }
    const clean = cleanNotebook(parseNotebook(text, name));
    for (const problem of notebookProblems(clean, folders)) {
      wrong.push(`The notebook "${name}" ${problem}.`);
    }
    if (notebookText(clean) === text) continue;
    if (check) {
      wrong.push(
        `The notebook "${name}" is not clean: run ` +
          '"deno task clean-notebooks".',
      );
    } else {
      await Deno.writeTextFile(path, notebookText(clean));
      onCleaned(name);
    }
  }
  return wrong;
}

async function main(args: string[]): Promise<number> {
  const { options, words } = parseOptions({
    usage: "deno task clean-notebooks [FILES…] [--check]",
    description: "Brings notebooks to the form in which they are committed.",
    options: { check: { type: "boolean", help: "change nothing, only tell" } },
    words: "FILES",
  }, args);
  const wrong = await cleanNotebooks(
    notebookPaths(words),
    options.check,
    (name) => console.log(`Cleaned ${name}.`),
  );
  for (const sentence of wrong) console.error(`error: ${sentence}`);
  return wrong.length > 0 ? 1 : 0;
}

if (import.meta.main) await runTask(main);
