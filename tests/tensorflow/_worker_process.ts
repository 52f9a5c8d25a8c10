/** Workers as processes, for tests of clusters. */
import { fileURLToPath } from "node:url";

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** A process that is killed at the end of its scope. */
export interface WorkerProcess extends AsyncDisposable {
  /** Rejected when it had to be killed, as it did not end. */
  readonly ended: Promise<Ended>;
}

/** Seconds after which a process that does not end is killed. */
const LIMIT = 120;

/**
 * Starts a script of the tests with an object as its argument.
 *
 * @param script Such as `new URL("./_run.ts", import.meta.url)`.
 */
export function startProcess(script: URL, settings: unknown): WorkerProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fileURLToPath(script), JSON.stringify(settings)],
    env: { ONECODE_THREADS: "1", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // Also ends one that halted; one that has ended already is left alone.
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  };
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    kill();
  }, 1000 * LIMIT);
  const ended = Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
  ]).then(([output, errors, { code }]) => {
    clearTimeout(limit);
    if (isLate) {
      throw new Error(
        `The worker did not end within ${LIMIT} s. It printed:\n${output}${errors}`,
      );
    }
    return { code, output, errors: errors.trim() };
  });
  ended.catch(() => {}); // told to those who wait for it
  return {
    ended,
    [Symbol.asyncDispose]: async () => {
      kill();
      await Promise.allSettled([ended]);
    },
  };
}
