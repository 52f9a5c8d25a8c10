/**
 * Whether a notebook has all outputs that its page needs.
 *
 * @module
 */
import { codeCells, type Notebook } from "@/tasks/notebooks/notebook_file.ts";
import { UserError } from "@/errors/user_error.ts";
import { liveChart } from "./notebook_page.ts";

/** Calls that leave something below the cell. */
const shows = /^\s*await (?:show\w*|display)\(/m;

/**
 * Check that each code cell was run and shows what it should.
 *
 * @param path How the notebook is called in errors.
 * @throws {UserError} That names the first cell without its output.
 */
export function checkOutputs(notebook: Notebook, path: string): void {
  for (const { number, cell, source } of codeCells(notebook)) {
    if (source.trim() === "") continue;
    const outputs = cell.outputs ?? [];
    const wrong = outputs.some(({ output_type }) => output_type === "error")
      ? "holds an error"
      : typeof cell.execution_count !== "number"
      ? "was not run"
      : shows.test(source) && outputs.length === 0
      ? "has no output"
      : outputs.some(({ data }) => data?.[liveChart] && !data["image/svg+xml"])
      ? "has no picture (image/svg+xml) of its chart"
      : undefined;
    if (wrong === undefined) continue;
    const start = source.trim().split("\n")[0]?.slice(0, 50);
    throw new UserError(
      `Code cell ${number} ("${start}") of the notebook "${path}" ${wrong}: ` +
        `run "deno task notebooks ${path}".`,
    );
  }
}
