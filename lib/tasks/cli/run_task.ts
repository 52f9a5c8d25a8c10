/**
 * The frame of every `deno task …`: exit statuses, and errors as sentences.
 *
 * | status | meaning                                   |
 * | ------ | ----------------------------------------- |
 * | 0      | done                                      |
 * | 1      | an error, told in a sentence on stderr    |
 * | 130    | interrupted from the keyboard             |
 *
 * @module
 */
import { Interrupted } from "./interrupt_signal.ts";
import { HelpRequest } from "./parse_options.ts";

/** Where a finished task's text and status go; replaced in tests. */
export interface TaskHost {
  /** Prints a line to stdout. */
  readonly print: (text: string) => void;
  /** Prints a line to stderr. */
  readonly printError: (text: string) => void;
  /** Whether stack traces are wanted. */
  readonly debug: boolean;
}

const defaultHost: TaskHost = {
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
  debug: !["", "0"].includes(Deno.env.get("ONECODE_DEBUG") ?? ""),
};

/**
 * Runs `main` and turns its end into an exit status, without exiting.
 *
 * @returns What `main` returns, or 0; 0 for `--help`; 1 for an error; 130 (or
 * 128 and the signal's number) where it was interrupted.
 */
export async function taskStatus(
  main: (args: string[]) => Promise<number | void>,
  args: string[],
  host: TaskHost = defaultHost,
): Promise<number> {
  try {
    return await main(args) ?? 0;
  } catch (error) {
    if (error instanceof HelpRequest) {
      host.print(error.message);
      return 0;
    }
    if (error instanceof Interrupted) {
      host.printError(error.message);
      return error.status;
    }
    const stack = host.debug && error instanceof Error
      ? error.stack
      : undefined;
    const message = error instanceof Error ? error.message : String(error);
    host.printError(stack ?? `error: ${message}`);
    return 1;
  }
}

/**
 * Runs the task `main` on the command line and ends the process. An error is
 * printed as `error: ` and its message; `ONECODE_DEBUG=1` shows the stack.
 *
 * A task's file ends with
 * `if (import.meta.main) await runTask(main);`
 */
export async function runTask(
  main: (args: string[]) => Promise<number | void>,
): Promise<never> {
  Deno.exit(await taskStatus(main, Deno.args));
}
