/**
 * Ctrl+C for tasks that have something to tidy up or to save.
 *
 * @module
 */

/** The reason of a signal that was aborted from the keyboard. */
export class Interrupted extends Error {
  /** The class, for stack traces. */
  override readonly name = "Interrupted";
  /** The exit status by the shell's convention: 128 and the signal's number. */
  readonly status: number;

  /** Names the exit status, 130 for SIGINT. */
  constructor(status = 130) {
    super("Interrupted.");
    this.status = status;
  }
}

const controller = new AbortController();
let listening = false;

/**
 * A signal that is aborted with {@linkcode Interrupted} by the first SIGINT,
 * SIGTERM or SIGHUP. The second one ends the process at once.
 *
 * Without a call of this function, signals end a task as they end any process.
 */
export function interruptSignal(): AbortSignal {
  if (listening) return controller.signal;
  listening = true;
  const statuses = [["SIGINT", 130], ["SIGTERM", 143], [
    "SIGHUP",
    129,
  ]] as const;
  for (const [name, status] of statuses) {
    if (Deno.build.os === "windows" && name === "SIGTERM") continue;
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) Deno.exit(status);
      controller.abort(new Interrupted(status));
    });
  }
  return controller.signal;
}
