/**
 * Runs commands of the set-up and logs their output.
 *
 * @module
 */
import { explainFailure } from "./explain_failure.ts";
import type { SetupLock } from "./setup_lock.ts";

/** The end of a logged command. */
export interface LoggedResult {
  /** Whether its status was 0. */
  readonly success: boolean;
  /** Its output, stdout and stderr together. */
  readonly text: string;
}

/** How a command is run and watched. */
export interface LoggedOptions {
  /** The folder to run in. */
  readonly cwd: string;
  /** The file to append the output to. */
  readonly log: string;
  /** The lock that records the child. */
  readonly lock: Pick<SetupLock, "setChild">;
  /** Called with each line of the output. */
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
 * Runs a command and appends its output to the log.
 *
 * @param command The program.
 * @param args Its arguments.
 * @param options How it is run and watched.
 * @returns Whether it succeeded, and its output.
 * @throws The reason of `options.signal` if it is aborted.
 */
export async function runLogged(
  command: string,
  args: string[],
  options: LoggedOptions,
): Promise<LoggedResult> {
  options.signal?.throwIfAborted();
  using log = await Deno.open(options.log, { create: true, append: true });
  const encoder = new TextEncoder();
  const write = (line: string) => log.writeSync(encoder.encode(`${line}\n`));
  const lines: string[] = [];
  const take = (line: string) => {
    const clean = line.replace(escapes, "").trimEnd();
    if (clean === "") return;
    lines.push(clean);
    write(clean);
    options.onLine?.(clean);
  };
  write(`$ ${[command, ...args].join(" ")}`);
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
  const [status] = await Promise.all([
    child.status,
    eachLine(child.stdout, take),
    eachLine(child.stderr, take),
  ]);
  options.signal?.removeEventListener("abort", stop);
  options.lock.setChild(undefined);
  options.signal?.throwIfAborted();
  return { success: status.success, text: lines.join("\n") };
}

/** Lines end with a line feed or, in progress bars, a carriage return. */
async function eachLine(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split(/[\r\n]+/);
    rest = parts.pop() ?? "";
    parts.forEach(take);
  }
  take(rest);
}

/**
 * Runs a command of the set-up, which must succeed.
 *
 * @param step What it does, such as `"Installing the npm packages"`.
 * @param command The program.
 * @param args Its arguments.
 * @param options How it is run and watched.
 * @throws {UserError} If it fails, with the cause.
 */
export async function runStep(
  step: string,
  command: string,
  args: string[],
  options: LoggedOptions,
): Promise<void> {
  const { success, text } = await runLogged(command, args, options);
  if (!success) throw explainFailure(step, text, ".venv/setup.log");
}
