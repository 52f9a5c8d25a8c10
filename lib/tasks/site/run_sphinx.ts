/**
 * Sphinx, which turns the prepared notebooks into pages.
 *
 * @module
 */
import { join } from "node:path";
import type { Workspace } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

/** Folders of a run of Sphinx. */
export interface SphinxFolders {
  /** Notebooks and the front page. */
  readonly source: string;
  /** Files to lay beside the pages as they are. */
  readonly extra: string;
  /** Takes what Sphinx keeps for itself. */
  readonly work: string;
  /** Takes the pages. */
  readonly out: string;
}

/**
 * Build the pages. Whatever Sphinx warns of is an error.
 *
 * @throws {UserError} With the first thing that Sphinx complains of.
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
        ...["--conf-dir", join(workspace.root, "lib", "tasks", "publish")],
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

/** The first warning or error of Sphinx's output, without folders. */
export function firstFault(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const fault = lines.find((line) => /(WARNING|ERROR|Error):/.test(line)) ??
    lines.at(-1) ?? "no message";
  return fault.replace(/^\S*\/(?=[^/\s]+:)/, "").trim();
}
