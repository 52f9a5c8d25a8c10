/**
 * A Python with what a benchmark's peers need, in an environment of its own.
 *
 * @module
 */
import { join } from "node:path";
import { UserError } from "@/errors/user_error.ts";

/** What a Python has to have. */
export interface PeerPackages {
  /** Folder of the environment in `.cache`. */
  readonly folder: string;
  /** What it is for, as in `PyTorch cannot be installed`. */
  readonly name: string;
  /** For pip, with their versions. */
  readonly packages: readonly string[];
}

/** PyTorch; the newest that the benchmark was tried with. */
export const TORCH: PeerPackages = {
  folder: "bench-venv",
  name: "PyTorch",
  packages: ["torch==2.15.0", "numpy"],
};

/**
 * The path of a Python that has some packages; made at the first call, which
 * takes minutes and 6 GB, as PyTorch brings its libraries for GPUs along.
 *
 * @param root The checkout.
 * @param wanted What it has to have.
 * @param onInstall Told before it is made.
 * @throws {UserError} When it cannot be made.
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
  if (await read(stamp) === versions) return python;
  onInstall();
  await Deno.mkdir(join(root, ".cache"), { recursive: true });
  const own = join(root, ".venv", "bin", "python");
  await run(name, own, ["-m", "venv", "--clear", venv]);
  await run(name, python, ["-m", "pip", "install", "--quiet", ...packages]);
  await Deno.writeTextFile(stamp, versions);
  return python;
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
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
  throw new UserError(`${name} cannot be installed for the peers: ${reason}`);
}
