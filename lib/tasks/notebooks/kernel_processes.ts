/**
 * Ends kernels whose notebook runner is gone. A runner is started with a
 * temporary folder of its own; its path stands in the runner's command line
 * (the output) and in that of each kernel (the connection file), and so tells
 * what belongs together.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

function linuxProcesses(): [pid: number, command: string][] {
  const found: [number, string][] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8");
      found.push([Number(name), command.replaceAll("\0", " ")]);
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

async function listedProcesses(): Promise<[pid: number, command: string][]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-axo", "pid=,args="],
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(.*)$/.exec(line);
    return match?.[1] === undefined ? [] : [[Number(match[1]), match[2] ?? ""]];
  });
}

/** The ids of processes whose command line names a file of `folder`. */
export async function processesOf(folder: string): Promise<number[]> {
  const processes = Deno.build.os === "linux"
    ? linuxProcesses()
    : await listedProcesses();
  return processes.filter(([pid, command]) =>
    pid !== Deno.pid && command.includes(`${folder}/`)
  ).map(([pid]) => pid);
}

/** Ends the processes of `folder`, runner and kernels, and removes it. */
export async function endKernels(folder: string): Promise<void> {
  // A runner may start a kernel while it is being looked for.
  for (let round = 0; round < 50; round++) {
    const pids = await processesOf(folder);
    if (pids.length === 0) break;
    for (const pid of pids) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It ended meanwhile.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes a folder for a runner below `parent`, and ends what runners before it
 * left there when they were killed.
 */
export async function makeRunnerFolder(parent: string): Promise<string> {
  await Deno.mkdir(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    const pid = Number(name.split("-")[0]);
    if (!isAlive(pid)) await endKernels(join(parent, name));
  }
  return await Deno.makeTempDir({ dir: parent, prefix: `${Deno.pid}-` });
}
