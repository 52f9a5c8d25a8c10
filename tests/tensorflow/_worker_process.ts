/** Workers as processes, for tests of clusters. */
import { fileURLToPath } from "node:url";

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
  /** Seconds that it ran. */
  readonly seconds: number;
}

/** A process that is killed at the end of its scope. */
export interface WorkerProcess extends AsyncDisposable {
  readonly ended: Promise<Ended>;
}

/**
 * Starts a script of the tests with an object as its argument.
 *
 * @param script Such as `new URL("./_run.ts", import.meta.url)`.
 */
export function startProcess(script: URL, settings: unknown): WorkerProcess {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fileURLToPath(script), JSON.stringify(settings)],
    env: { ONECODE_THREADS: "1", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const ended = Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.status,
  ]).then(([output, errors, { code }]) => ({
    code,
    output,
    errors: errors.trim(),
    seconds: (performance.now() - started) / 1000,
  }));
  return {
    ended,
    [Symbol.asyncDispose]: async () => {
      try {
        child.kill("SIGKILL"); // also ends one that halted
      } catch {
        // It has ended.
      }
      await ended;
    },
  };
}
