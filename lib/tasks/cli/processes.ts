/**
 * The processes of this machine.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";

/** A process that runs. */
export interface RunningProcess {
  /** Its id. */
  readonly pid: number;
  /** Its command line, with spaces between the words. */
  readonly command: string;
}

/**
 * Lists the processes that this user may see.
 *
 * @returns The processes, without this one.
 */
export async function runningProcesses(): Promise<RunningProcess[]> {
  const all = Deno.build.os === "linux" ? fromProc() : await fromPs();
  return all.filter(({ pid }) => pid !== Deno.pid);
}

function fromProc(): RunningProcess[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const words = readFileSync(`/proc/${name}/cmdline`, "utf8");
        return [{ pid: Number(name), command: words.replaceAll("\0", " ") }];
      } catch {
        return []; // It has exited.
      }
    });
}

async function fromPs(): Promise<RunningProcess[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-axo", "pid=,args="],
    stdin: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).matchAll(/^\s*(\d+)\s(.*)$/gm);
  return Array.from(lines, ([, pid, command = ""]) => ({
    pid: Number(pid),
    command,
  }));
}

/**
 * Sends a signal to a process.
 *
 * @param pid Its id.
 * @param signal The signal; `SIGCONT` only asks whether it runs.
 * @returns Whether there is such a process of this user.
 */
export function sendSignal(pid: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
