/**
 * `deno task ok`: the gate that every change passes. Format, lint, types,
 * documentation and notebooks are checked two at a time, then the tests run.
 *
 * @module
 */
import { checkCellFormat } from "@/tasks/gate/check_cell_format.ts";
import { checkCells } from "@/tasks/gate/check_cells.ts";
import { checkDocumentation } from "@/tasks/gate/check_documentation.ts";
import { cleanNotebooks } from "./clean_notebooks.ts";
import { notebookPaths } from "@/tasks/notebooks/notebook_file.ts";
import { parseOptions } from "@/tasks/cli/parse_options.ts";
import { runTask } from "@/tasks/cli/run_task.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { runTests } from "./test.ts";

/** One check: its name, and what it finds wrong (empty where all is well). */
export interface Check {
  /** What is printed for it. */
  readonly name: string;
  /** Finds what is wrong. */
  readonly run: () => Promise<string>;
}

function denoCheck(root: string, args: string[]): () => Promise<string> {
  return async () => {
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args,
        cwd: root,
        env: { RUST_BACKTRACE: "0", NO_COLOR: "1" },
        stdin: "null",
      },
    ).output();
    if (success) return "";
    const decoder = new TextDecoder();
    const text = decoder.decode(stdout) + decoder.decode(stderr);
    return text.trim() === "" ? `deno ${args[0]} failed.` : text;
  };
}

/** What `deno fmt` checks; notebooks have a check of their own. */
const formatted = ["lib/", "tests/", "data/", "README.md", "deno.json"];

/** The checks of the checkout at `root`, all but the tests. */
export function staticChecks(root: string): Check[] {
  const notebooks = notebookPaths([], root);
  return [
    {
      name: "Types",
      run: denoCheck(root, ["check", "--quiet", "lib/", "tests/"]),
    },
    {
      name: "Format",
      run: denoCheck(root, ["fmt", "--check", ...formatted]),
    },
    { name: "Lint", run: denoCheck(root, ["lint", "--quiet"]) },
    {
      name: "Documentation",
      run: () => checkDocumentation(root, "lib/errors"),
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
  ];
}

/**
 * Runs checks, `parallel` at a time.
 *
 * @param print Takes a line for each check, in the order in which they end,
 * and what those that fail have found.
 * @returns Whether all is well.
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
      "no-tests": { type: "boolean", help: "leave the tests out" },
    },
  }, args);
  const checks = staticChecks(workspaceAt().root);
  const well = await runChecks(checks, 2, (text) => console.log(text));
  const status = options["no-tests"] ? 0 : await runTests([]);
  return well ? status : 1;
}

if (import.meta.main) await runTask(main);
