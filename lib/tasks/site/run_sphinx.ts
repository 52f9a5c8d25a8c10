/**
 * Sphinx, which turns the prepared notebooks into pages.
 *
 * @module
 */
import type { Workspace } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

/** The folders of a run of Sphinx. */
export interface SphinxFolders {
  /** The sources of the pages. */
  readonly source: string;
  /** Files to copy beside the pages. */
  readonly extra: string;
  /** The folder for files that only Sphinx needs. */
  readonly work: string;
  /** The folder for the pages. */
  readonly out: string;
}

/**
 * Builds the pages. Warnings count as errors.
 *
 * @param workspace The environment that holds Sphinx.
 * @param folders Where everything is.
 * @param signal Stops Sphinx.
 * @throws {UserError} If Sphinx fails, with its first warning or error.
 */
export async function runSphinx(
  workspace: Workspace,
  { source, extra, work, out }: SphinxFolders,
  signal?: AbortSignal,
): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(
    workspace.python,
    {
      args: [
        ...["-I", "-m", "sphinx", "--builder", "html", "--quiet"],
        ...["--fail-on-warning", "--keep-going", "--no-color"],
        ...["--conf-dir", import.meta.dirname ?? "."],
        ...["--doctree-dir", work],
        ...["--define", `html_extra_path=${extra}`],
        ...[source, out],
      ],
      env: { PYTHONNOUSERSITE: "1" },
      stdin: "null",
      ...(signal === undefined ? {} : { signal }),
    },
  ).output();
  signal?.throwIfAborted();
  if (success) return;
  const text = new TextDecoder().decode(stderr) +
    new TextDecoder().decode(stdout);
  throw new UserError(`Sphinx could not build the site: ${firstFault(text)}`);
}

/**
 * Finds the first warning or error of Sphinx.
 *
 * @param text Its output.
 * @returns The line, without folders.
 */
export function firstFault(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const fault = lines.find((line) => /(WARNING|ERROR|Error):/.test(line)) ??
    lines.at(-1) ?? "no message";
  return fault.replace(/^\S*\/(?=[^/\s]+:)/, "").trim();
}
