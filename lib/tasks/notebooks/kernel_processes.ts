/**
 * Ends kernels whose notebook runner is gone. Each runner has a temporary folder
 * of its own, whose path is in the command lines of the runner (its output) and
 * of its kernels (their connection files).
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runningProcesses, sendSignal } from "@/tasks/cli/processes.ts";

/**
 * Finds the processes of a runner.
 *
 * @param folder The runner's folder.
 * @returns The ids of processes whose command line names a file in it.
 */
export async function processesOf(folder: string): Promise<number[]> {
  return (await runningProcesses())
    .filter(({ command }) => command.includes(`${folder}/`))
    .map(({ pid }) => pid);
}

/**
 * Ends a runner and its kernels, and removes its folder.
 *
 * @param folder The runner's folder.
 */
export async function endKernels(folder: string): Promise<void> {
  // A runner may start a kernel during the search.
  for (let round = 0; round < 50; round++) {
    const pids = await processesOf(folder);
    if (pids.length === 0) break;
    for (const pid of pids) sendSignal(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

/**
 * Makes a folder for a runner, and ends the kernels of runners that were killed.
 *
 * @param parent The folder that holds those of all runners.
 * @returns The path of the new folder.
 */
export async function makeRunnerFolder(parent: string): Promise<string> {
  await Deno.mkdir(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const isAlive = sendSignal(Number(name.split("-")[0]), "SIGCONT");
    if (!isAlive) await endKernels(join(parent, name));
  }
  return await Deno.makeTempDir({ dir: parent, prefix: `${Deno.pid}-` });
}
