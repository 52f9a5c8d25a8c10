/**
 * `deno task notebooks`: runs notebooks from top to bottom and keeps their
 * outputs; with `--check` it leaves the files unchanged.
 *
 * @module
 */
import { basename, join } from "node:path";
import { cleanNotebooks } from "./clean_notebooks.ts";
import { executeNotebook } from "@/tasks/notebooks/execute_notebook.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { notebookPaths } from "@/tasks/notebooks/notebook_file.ts";
import {
  interruptSignal,
  parseOptions,
  progressReporter,
  runTask,
  shownPath,
  temporaryFolder,
  UserError,
} from "@/tasks/cli/mod.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task notebooks [FILES…] [--check]",
    description: "Runs notebooks from top to bottom and keeps their outputs; " +
      "all notebooks by default.",
    options: {
      check: { type: "boolean", help: "leave the files unchanged" },
    },
    words: "FILES",
  }, args);
  const workspace = workspaceAt();
  const signal = interruptSignal();
  using report = progressReporter();
  using out = temporaryFolder("notebooks");
  const paths = notebookPaths(words);
  if (paths.length === 0) {
    throw new UserError('There are no notebooks in "notebooks".');
  }
  for (const path of paths) {
    const name = shownPath(path);
    await executeNotebook({
      path,
      name,
      outFolder: out.path,
      workspace,
      signal,
      onCell: (done, total) => report({ phase: name, done, total }),
    });
    const result = join(out.path, basename(path));
    const wrong = await cleanNotebooks([result], false);
    if (wrong.length > 0) {
      throw new UserError(wrong[0]?.replace(/"[^"]*"/, `"${name}"`) ?? "");
    }
    if (options.check) continue;
    const text = await Deno.readTextFile(result);
    if (text !== await Deno.readTextFile(path)) {
      await atomicWrite(path, text);
    }
  }
}

if (import.meta.main) await runTask(main);
