/**
 * Ctrl+C for tasks that have something to tidy up or to save.
 *
 * @module
 */

/** The exit status of each signal by the shell's convention, 128 + number. */
const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const controller = new AbortController();
let listening = false;
let received: number = statuses.SIGINT;

/** Thrown where a task was interrupted by a signal. */
export class Interrupted extends Error {
  /** The class, for stack traces. */
  override readonly name = "Interrupted";
  /** The exit status of the task: 130, 143 or 129. */
  readonly status: number = received;

  /**
   * Makes the error.
   *
   * @param message What the user reads.
   */
  constructor(message = "Interrupted.") {
    super(message);
  }
}

/**
 * A signal that is aborted with {@linkcode Interrupted} by the first SIGINT,
 * SIGTERM or SIGHUP. The second one ends the process at once.
 *
 * Without a call of this function, signals end a task as they end any process.
 *
 * @returns The same signal for each call.
 */
export function interruptSignal(): AbortSignal {
  if (listening) return controller.signal;
  listening = true;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) Deno.exit(statuses[name]);
      received = statuses[name];
      controller.abort(new Interrupted());
    });
  }
  return controller.signal;
}
