/**
 * `deno task clean-notebooks`: brings notebooks to the form in which they are
 * committed; with `--check` it only lists those that are not in it.
 *
 * @module
 */
import {
  cleanNotebook,
  notebookProblems,
  notebookText,
} from "@/tasks/notebooks/clean_notebook.ts";
import {
  notebookPaths,
  parseNotebook,
  readNotebookText,
} from "@/tasks/notebooks/notebook_file.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { parseOptions, runTask, shownPath } from "@/tasks/cli/mod.ts";

/** Folders of this machine that no notebook may name. */
function machineFolders(): string[] {
  const home = Deno.env.get("HOME") ?? "";
  return [PROJECT_ROOT, home].filter((path) => path.length > 1)
    .map((path) => `${path}/`);
}

/**
 * Cleans notebooks in place.
 *
 * @param paths Their files.
 * @param check Whether the files are left unchanged.
 * @param onCleaned Called with the name of each file that is changed.
 * @param folders Folders of this machine that no notebook may name.
 * @returns A sentence for each fault.
 * @throws {UserError} If a file does not exist or is no notebook.
 */
export async function cleanNotebooks(
  paths: readonly string[],
  check: boolean,
  onCleaned: (name: string) => void = () => {},
  folders: readonly string[] = machineFolders(),
): Promise<string[]> {
  const wrong: string[] = [];
  for (const path of paths) {
    const name = shownPath(path);
    const text = await readNotebookText(path, name);
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
    options: { check: { type: "boolean", help: "list faults only" } },
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
