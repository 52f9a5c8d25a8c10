/**
 * One set-up at a time. The lock is the system's lock on a file, which is
 * released when its process exits, however that happens. The file names the
 * holder and its running child: if a set-up was killed, the next one ends that
 * child before it starts.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { runningProcesses, sendSignal } from "@/tasks/cli/processes.ts";

import { takeFileLock } from "@/files/file_lock.ts";

/** A held lock. */
export interface SetupLock {
  /**
   * Records the child that runs.
   *
   * @param pid Its process id; `undefined` where there is none.
   */
  setChild(pid: number | undefined): void;
  /** Releases the lock. */
  [Symbol.dispose](): void;
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

/** Ends the child of a killed set-up, if it still runs in the folder. */
async function endOrphan(child: number, folder: string): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (let attempt = 0; attempt < 50; attempt++) {
      const runs = (await runningProcesses()).some(({ pid, command }) =>
        pid === child && command.includes(folder)
      );
      if (!runs || (attempt === 0 && !sendSignal(child, signal))) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * Waits for the lock and takes it.
 *
 * @param path The file of the lock.
 * @param folder A text that the command line of every child contains.
 * @param onWait Called once with the holder's process id, if there is one.
 * @returns The lock, to be disposed of.
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
      write({ pid: Deno.pid, ...(pid === undefined ? {} : { child: pid }) });
    },
    [Symbol.dispose]() {
      file.truncateSync();
      file.close();
    },
  };
}
