/**
 * Makes the Python environment, or completes one that is incomplete.
 *
 * @module
 */
import { UserError } from "@/errors/user_error.ts";
import { explainFailure } from "./explain_failure.ts";
import {
  findPython,
  isUsablePython,
  pythonVersion,
} from "@/files/find_python.ts";
import type { LoggedOptions } from "./run_logged.ts";
import { runLogged } from "./run_logged.ts";
import type { Workspace } from "./workspace.ts";

/** Empties `.venv`, except for what is not of Python. */
function empty({ venv, lock, log, stamp, engine }: Workspace): void {
  for (const { name } of Deno.readDirSync(venv)) {
    const path = `${venv}/${name}`;
    if ([lock, log, stamp, engine, `${venv}/download`].includes(path)) continue;
    Deno.removeSync(path, { recursive: true });
  }
}

async function hasPip(workspace: Workspace): Promise<boolean> {
  const { success } = await new Deno.Command(workspace.python, {
    args: ["-I", "-m", "pip", "--version"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/**
 * Makes `.venv` with pip, unless it exists.
 *
 * @param workspace The checkout.
 * @param chosen The value of `ONECODE_PYTHON`.
 * @param fresh Whether an existing one is removed first.
 * @param options How commands are run and watched.
 * @returns The version of its Python, such as `"3.11.7"`.
 * @throws {UserError} If there is no suitable Python, or it lacks `venv`.
 */
export async function makeVenv(
  workspace: Workspace,
  chosen: string | undefined,
  fresh: boolean,
  options: LoggedOptions,
): Promise<string> {
  const present = await pythonVersion(workspace.python);
  const usable = present !== undefined && isUsablePython(present);
  if (!fresh && usable && await hasPip(workspace)) return present;
  const python = await findPython(chosen);
  if (fresh || !usable) empty(workspace);
  const result = await runLogged(
    python.command,
    ["-I", "-m", "venv", workspace.venv],
    options,
  );
  if (result.success) return python.version;
  if (/ensurepip|No module named '?(venv|pip)/.test(result.text)) {
    const minor = python.version.split(".").slice(0, 2).join(".");
    throw new UserError(
      `Python ${python.version} ("${python.command}") lacks the module ` +
        `"venv": install it (on Debian and Ubuntu the package ` +
        `python${minor}-venv) and run "deno task setup" again.`,
    );
  }
  throw explainFailure(
    "Making the Python environment",
    result.text,
    ".venv/setup.log",
  );
}
