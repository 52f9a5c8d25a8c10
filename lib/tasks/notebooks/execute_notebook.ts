/**
 * Runs a notebook from top to bottom without a browser, by nbconvert.
 *
 * @see {@link https://nbconvert.readthedocs.io/en/latest/execute_api.html}
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import { endKernels, makeRunnerFolder } from "./kernel_processes.ts";
import type { Notebook } from "./notebook_file.ts";
import { joinText, readNotebook } from "./notebook_file.ts";
import { readLines } from "@/files/read_lines.ts";
import { jupyterEnvironment, type Workspace } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

/** A notebook to run. */
export interface NotebookRun {
  /** Its file, which is left unchanged. */
  readonly path: string;
  /** What it is called in errors. */
  readonly name: string;
  /** The folder for the result, a file of the same name. */
  readonly outFolder: string;
  /** The environment that runs it. */
  readonly workspace: Workspace;
  /** Called with the numbers of finished cells and of all cells. */
  readonly onCell?: (done: number, total: number) => void;
  /** Ends the run and its kernel. */
  readonly signal?: AbortSignal;
}

/** What is known from the log of nbconvert. */
export interface RunLog {
  /** Number of cells that were started or skipped. */
  cells: number;
  /** The last lines, which hold the error. */
  readonly tail: string[];
}

const cellLine =
  /^\[NbConvertApp\] (Executing cell:|Skipping non-executing cell \d+)/;

/**
 * Evaluates a line of nbconvert's log.
 *
 * @param log What is known; it is changed.
 * @param line The line.
 */
export function readLogLine(log: RunLog, line: string): void {
  if (cellLine.test(line)) log.cells++;
  if (line.startsWith("[NbConvertApp] content:")) return;
  log.tail.push(line.slice(0, 1000));
  if (log.tail.length > 200) log.tail.shift();
}

/**
 * Extracts the error that ended a run.
 *
 * @param tail The last lines of the log.
 * @returns The error's message.
 */
export function runFailure(tail: readonly string[]): string {
  const trace = tail.lastIndexOf("Stack trace:");
  if (trace >= 0) {
    const message = tail.slice(trace + 1);
    const end = message.findIndex((line) => /^\s+at |^\s*$/.test(line));
    const text = message.slice(0, end < 0 ? undefined : end).join(" ").trim();
    if (text !== "") return text;
  }
  if (tail.some((line) => /DeadKernelError|Kernel died/.test(line))) {
    return "the kernel stopped";
  }
  const last = tail.findLast((line) => line.trim() !== "") ?? "no message";
  return last.replace(/^[\w.]+\.(\w+(Error|Exception)): /, "$1: ").trim();
}

function failedPlace(notebook: Notebook, cells: number): string {
  const cell = notebook.cells[cells - 1];
  if (cell === undefined) return "";
  const number = notebook.cells.slice(0, cells)
    .filter(({ cell_type }) => cell_type === "code").length;
  const first = joinText(cell.source).trim().split("\n")[0] ?? "";
  const start = first.length > 50 ? `${first.slice(0, 50)}…` : first;
  return `, code cell ${number} ("${start}")`;
}

/**
 * Runs a notebook, with its own folder as the current one.
 *
 * @param run The notebook and how it is watched.
 * @throws {UserError} If a cell fails, with its number and its error.
 */
export async function executeNotebook(
  { path, name, outFolder, workspace, onCell, signal }: NotebookRun,
): Promise<void> {
  signal?.throwIfAborted();
  const notebook = await readNotebook(path);
  const folder = await makeRunnerFolder(join(workspace.venv, "run"));
  // Being in the command line, it also identifies nbconvert itself.
  const out = join(folder, "out");
  const log: RunLog = { cells: 0, tail: [] };
  try {
    const child = new Deno.Command(workspace.python, {
      args: [
        ...["-I", "-m", "nbconvert", "--to=notebook", "--execute"],
        `--output-dir=${out}`,
        "--ExecutePreprocessor.timeout=-1",
        "--ExecutePreprocessor.kernel_name=deno",
        "--log-level=DEBUG",
        basename(path),
      ],
      cwd: dirname(resolve(path)),
      env: { ...jupyterEnvironment(workspace), TMPDIR: folder },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const stop = () => child.kill("SIGKILL");
    signal?.addEventListener("abort", stop);
    try {
      for await (const line of readLines(child.stderr)) {
        const before = log.cells;
        readLogLine(log, line);
        if (log.cells > before) onCell?.(log.cells - 1, notebook.cells.length);
        if (signal?.aborted) break;
      }
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    const status = await child.status;
    signal?.throwIfAborted();
    if (!status.success) {
      throw new UserError(
        `The notebook "${name}"${failedPlace(notebook, log.cells)} failed: ` +
          runFailure(log.tail),
      );
    }
    await Deno.copyFile(
      join(out, basename(path)),
      join(outFolder, basename(path)),
    );
    onCell?.(notebook.cells.length, notebook.cells.length);
  } finally {
    await endKernels(folder);
  }
}
