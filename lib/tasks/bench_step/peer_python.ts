/**
 * A Python with PyTorch, in an environment of the benchmark's own.
 *
 * @module
 */
import { join } from "node:path";
import { UserError } from "../user_error.ts";

/** Its PyTorch; the newest that the benchmark was tried with. */
const TORCH = "torch==2.15.0";

/**
 * The path of a Python that has PyTorch; made at the first call, which takes
 * a minute and 6 GB, as the package brings its libraries for GPUs along.
 *
 * @param root The checkout.
 * @param onInstall Told before it is made.
 * @throws {UserError} When it cannot be made.
 */
export async function peerPython(
  root: string,
  onInstall: () => void,
): Promise<string> {
  const venv = join(root, ".cache", "bench-venv");
  const python = join(venv, "bin", "python");
  const stamp = join(venv, "installed.txt");
  if (await read(stamp) === TORCH) return python;
  onInstall();
  await Deno.mkdir(join(root, ".cache"), { recursive: true });
  const own = join(root, ".venv", "bin", "python");
  await run(own, ["-m", "venv", "--clear", venv]);
  await run(python, ["-m", "pip", "install", "--quiet", TORCH, "numpy"]);
  await Deno.writeTextFile(stamp, TORCH);
  return python;
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}

async function run(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
  throw new UserError(`PyTorch cannot be installed for the peers: ${reason}`);
}
