/**
 * Python environments of their own, for packages that only some work needs.
 *
 * @module
 */
import { join } from "node:path";
import { UserError } from "@/errors/user_error.ts";
import { findPython } from "./find_python.ts";

/** The packages of a peer's Python. */
export interface PeerPackages {
  /** Folder of the environment in `.cache`. */
  readonly folder: string;
  /** What it is for, as in `PyTorch cannot be installed`. */
  readonly name: string;
  /** For pip, with their versions. */
  readonly packages: readonly string[];
}

/**
 * Finds a Python that has some packages. The first call installs them; with
 * PyTorch, which comes with its libraries for GPUs, that takes minutes and 6 GB.
 *
 * @param root The checkout.
 * @param wanted The packages.
 * @param onInstall Called before they are installed.
 * @returns Path of the interpreter.
 * @throws {UserError} If they cannot be installed, or there is no Python.
 */
export async function peerPython(
  root: string,
  wanted: PeerPackages,
  onInstall: () => void,
): Promise<string> {
  const { folder, name, packages } = wanted;
  const venv = join(root, ".cache", folder);
  const python = join(venv, "bin", "python");
  const stamp = join(venv, "installed.txt");
  const versions = packages.filter((text) => text.includes("==")).join("\n");
  const installed = await Deno.readTextFile(stamp).catch(() => undefined);
  if (installed === versions) return python;
  const { command } = await findPython(Deno.env.get("ONECODE_PYTHON"));
  onInstall();
  await Deno.mkdir(join(root, ".cache"), { recursive: true });
  await run(name, command, ["-m", "venv", "--clear", venv]);
  await run(name, python, ["-m", "pip", "install", "--quiet", ...packages]);
  await Deno.writeTextFile(stamp, versions);
  return python;
}

async function run(
  name: string,
  command: string,
  args: string[],
): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
  throw new UserError(
    `${name} cannot be installed: ${reason?.replace(/\.$/, "")}.`,
  );
}
