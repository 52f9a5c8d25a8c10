/**
 * Runs a command whose output goes to the log file.
 *
 * @module
 */
import type { SetupLock } from "./setup_lock.ts";

/** How a logged command ended. */
export interface LoggedResult {
  /** Whether its status was 0. */
  readonly success: boolean;
  /** Its output, stdout and stderr together. */
  readonly text: string;
}

/** Everything but the command: where it runs and who watches. */
export interface LoggedOptions {
  /** The folder to run in. */
  readonly cwd: string;
  /** The file that the output is added to. */
  readonly log: string;
  /** The lock that notes the child. */
  readonly lock: SetupLock;
  /** Called with each line. */
  readonly onLine?: (line: string) => void;
  /** Ends the command. */
  readonly signal?: AbortSignal;
  /** Environment variables to set. */
  readonly env?: Record<string, string>;
}

/** Colours and cursor movements of terminals. */
// deno-lint-ignore no-control-regex
const escapes = /\x1b\[[0-9;?]*[A-Za-z]/g;

/**
 * Runs `command`, adds its output to the log and passes on its lines.
 *
 * @throws The reason of `options.signal` where it is aborted.
 */
export async function runLogged(
  command: string,
  args: string[],
  options: LoggedOptions,
): Promise<LoggedResult> {
  options.signal?.throwIfAborted();
  const log = await Deno.open(options.log, { create: true, append: true });
  const encoder = new TextEncoder();
  const lines: string[] = [];
  try {
    log.writeSync(encoder.encode(`$ ${[command, ...args].join(" ")}\n`));
    const child = new Deno.Command(command, {
      args,
      cwd: options.cwd,
      env: options.env ?? {},
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    options.lock.setChild(child.pid);
    const stop = () => child.kill("SIGTERM");
    options.signal?.addEventListener("abort", stop);
    const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
      let rest = "";
      const take = (line: string) => {
        const clean = line.replace(escapes, "").trimEnd();
        if (clean === "") return;
        lines.push(clean);
        log.writeSync(encoder.encode(`${clean}\n`));
        options.onLine?.(clean);
      };
      for await (const text of stream.pipeThrough(new TextDecoderStream())) {
        const parts = (rest + text).split(/[\r\n]+/);
        rest = parts.pop() ?? "";
        parts.forEach(take);
      }
      take(rest);
    };
    const [status] = await Promise.all([
      child.status,
      read(child.stdout),
      read(child.stderr),
    ]);
    options.signal?.removeEventListener("abort", stop);
    options.lock.setChild(undefined);
    options.signal?.throwIfAborted();
    return { success: status.success, text: lines.join("\n") };
  } finally {
    log.close();
  }
}
