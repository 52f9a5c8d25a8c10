/**
 * The frame of every `deno task …`: exit statuses, and errors as sentences.
 *
 * | status        | meaning                                  |
 * | ------------- | ---------------------------------------- |
 * | 0             | done                                     |
 * | 1             | an error; a sentence is on stderr        |
 * | 130, 143, 129 | interrupted by SIGINT, SIGTERM or SIGHUP |
 *
 * @module
 */
import { isSystemError, systemReason } from "@/files/system_error.ts";
import { Interrupted, watchSignals } from "./interrupt_signal.ts";
import { HelpRequest } from "./parse_options.ts";
import { enterUserFolder } from "./user_folder.ts";

/** Where a task's last lines go; replaced in tests. */
export interface TaskHost {
  /** Prints a line to stdout. */
  readonly print: (text: string) => void;
  /** Prints a line to stderr. */
  readonly printError: (text: string) => void;
  /** Whether errors are printed with their stack. */
  readonly debug: boolean;
}

const defaultHost: TaskHost = {
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
  debug: !["", "0"].includes(Deno.env.get("ONECODE_DEBUG") ?? ""),
};

/**
 * Runs a task and turns its end into an exit status, without exiting.
 *
 * @param main The task; it gets the command line.
 * @param args The command line.
 * @param host Where the task's last lines go.
 * @returns What `main` returns, or 0; 0 for `--help`; 1 for an error; 130, 143
 * or 129 if it was interrupted.
 */
export async function taskStatus(
  main: (args: string[]) => Promise<number | void>,
  args: string[],
  host: TaskHost = defaultHost,
): Promise<number> {
  try {
    try {
      return await main(args) ?? 0;
    } catch (error) {
      if (!(error instanceof HelpRequest)) throw error;
      host.print(error.message);
      return 0;
    }
  } catch (error) {
    if (error instanceof Interrupted) {
      host.printError(error.message);
      return error.status;
    }
    const stack = host.debug && error instanceof Error
      ? error.stack
      : undefined;
    const message = error instanceof Error ? sentence(error) : String(error);
    host.printError(stack ?? `error: ${message}`);
    return 1;
  }
}

/**
 * Runs a task on the command line of the process, in the user's folder, and
 * exits. An error is printed as `error: ` and its message; with
 * `ONECODE_DEBUG=1` as its stack.
 *
 * A task's file ends with `if (import.meta.main) await runTask(main);`.
 *
 * @param main The task; what it returns is the exit status, 0 by default.
 * @returns Never.
 */
export async function runTask(
  main: (args: string[]) => Promise<number | void>,
): Promise<never> {
  enterUserFolder();
  watchSignals();
  Deno.exit(await taskStatus(main, Deno.args));
}

/** The system's errors name a file, and end with words that only it knows. */
function sentence(error: Error): string {
  if (!isSystemError(error)) return error.message;
  const path = /: \w+ '([^']*)'/.exec(error.message)?.[1];
  const reason = systemReason(error);
  return path === undefined
    ? `The system refused: ${reason}.`
    : `"${path}" could not be used: ${reason}.`;
}
