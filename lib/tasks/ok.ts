/**
 * `deno task ok`: the gate that every change passes. Format, lint, types,
 * documentation and notebooks are checked two at a time, then the tests run.
 *
 * @module
 */
import { checkCellFormat } from "@/tasks/gate/check_cell_format.ts";
import { relative } from "node:path";
import { checkCells, longCells } from "@/tasks/gate/check_cells.ts";
import { checkDocumentation } from "@/tasks/gate/check_documentation.ts";
import { cleanNotebooks } from "./clean_notebooks.ts";
import {
  notebookPaths,
  readNotebook,
} from "@/tasks/notebooks/notebook_file.ts";
import { parseOptions } from "@/tasks/cli/parse_options.ts";
import { runTask } from "@/tasks/cli/run_task.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { denoFaults } from "@/tasks/gate/run_deno.ts";
import { runTests } from "./test.ts";

/** One check of the gate. */
export interface Check {
  /** Its name, which is printed. */
  readonly name: string;
  /** Finds faults; resolves to an empty text where there are none. */
  readonly run: () => Promise<string>;
}

/** What `deno fmt` checks; notebooks have a check of their own. */
const formatted = ["lib/", "tests/", "data/", "README.md", "deno.json"];

/**
 * The checks of a checkout, all but the tests.
 *
 * @param root Its folder.
 * @returns The checks, the slowest first.
 */
export function staticChecks(root: string): Check[] {
  const notebooks = notebookPaths([], root);
  const deno = (...args: string[]) => () => denoFaults(args, root);
  return [
    { name: "Types", run: deno("check", "--quiet", "lib/", "tests/") },
    { name: "Format", run: deno("fmt", "--check", ...formatted) },
    { name: "Lint", run: deno("lint", "--quiet") },
    {
      name: "Documentation",
      run: () => checkDocumentation(root),
    },
    {
      name: "Format of notebooks",
      run: () => checkCellFormat(notebooks, root),
    },
    {
      name: "Notebooks are clean",
      run: async () => (await cleanNotebooks(notebooks, true)).join("\n"),
    },
    { name: "Types in notebooks", run: () => checkCells(notebooks, root) },
    {
      name: "Length of cells",
      run: async () => {
        const faults = await Promise.all(
          notebooks.map(async (path) =>
            longCells(await readNotebook(path), relative(root, path))
          ),
        );
        return faults.flat().join("\n");
      },
    },
  ];
}

/**
 * Runs checks, several at a time.
 *
 * @param checks The checks.
 * @param parallel How many run at a time, at least 1.
 * @param print Prints a line for each check, in the order in which they end,
 * and the faults that it found.
 * @returns Whether all passed.
 */
export async function runChecks(
  checks: readonly Check[],
  parallel: number,
  print: (text: string) => void,
): Promise<boolean> {
  const queue = [...checks];
  let well = true;
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) {
      const started = performance.now();
      const wrong = await check.run();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (wrong !== "") well = false;
      const mark = wrong === "" ? "ok    " : "failed";
      print(`${mark} ${check.name} (${seconds} s)`);
      if (wrong !== "") print(wrong.trimEnd());
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return well;
}

async function main(args: string[]): Promise<number> {
  const { options } = parseOptions({
    usage: "deno task ok [--no-tests]",
    description: "Checks format, lint, types, documentation, notebooks and " +
      "tests.",
    options: {
      "no-tests": { type: "boolean", help: "skip the tests" },
    },
  }, args);
  const checks = staticChecks(PROJECT_ROOT);
  const well = await runChecks(checks, 2, (text) => console.log(text));
  const status = options["no-tests"] ? 0 : await runTests([]);
  return well ? status : 1;
}

if (import.meta.main) await runTask(main);
