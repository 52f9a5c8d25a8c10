/**
 * One set-up at a time. The lock is the system's lock on a file, which ends
 * with its process, however that ends. The file tells who holds it, and which
 * child is at work: where a set-up was killed, its child is ended before the
 * next one starts.
 *
 * @module
 */
import { readFileSync } from "node:fs";

import { takeFileLock } from "@/files/file_lock.ts";

/** A held lock. */
export interface SetupLock {
  /** Notes the child at work, or none. */
  setChild(pid: number | undefined): void;
  /** Lets the next one in. */
  release(): void;
}

interface Note {
  readonly pid?: number;
  readonly child?: number;
}

function readNote(path: string): Note {
  try {
    const note: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof note === "object" && note !== null ? note : {};
  } catch {
    return {};
  }
}

async function commandLine(pid: number): Promise<string> {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    if (Deno.build.os === "linux") return "";
  }
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "args=", "-p", String(pid)],
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

/** Ends the child `pid` of a killed set-up, if it still is one of `folder`. */
async function endOrphan(pid: number, folder: string): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (let attempt = 0; attempt < 50; attempt++) {
      if (!(await commandLine(pid)).includes(folder)) return;
      if (attempt === 0) {
        try {
          Deno.kill(pid, signal);
        } catch {
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * Waits for the lock `path` and takes it.
 *
 * @param folder What the command line of an own child contains.
 * @param onWait Called once with the holder's process id, if one has to wait.
 */
export async function takeSetupLock(
  path: string,
  folder: string,
  onWait: (holder: number | undefined) => void,
): Promise<SetupLock> {
  const file = await takeFileLock(path, {
    onWait: () => onWait(readNote(path).pid),
  });
  try {
    const { child } = readNote(path);
    if (child !== undefined) await endOrphan(child, folder);
  } catch (error) {
    file.close();
    throw error;
  }
  const write = (note: Note) => {
    file.truncateSync();
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode(JSON.stringify(note)));
  };
  write({ pid: Deno.pid });
  return {
    setChild(pid) {
      write(
        pid === undefined ? { pid: Deno.pid } : { pid: Deno.pid, child: pid },
      );
    },
    release() {
      file.truncateSync();
      file.close();
    },
  };
}
