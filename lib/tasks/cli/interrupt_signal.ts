/**
 * Ctrl+C and other signals that end a task: within a second with the status of
 * the signal, and at once when it comes twice.
 *
 *     signal ─▶ the task's AbortSignal is aborted; it tidies up and exits
 *       │       0.5 s ─▶ the main thread exits, and removes temporary files
 *       └─▶ worker, 0.7 s ─▶ ends the process, if the main thread is busy
 *
 * @module
 */
import { SIGNAL_STATUS } from "./signal_status.ts";

/** Milliseconds that a task has to tidy up. */
const GRACE = 500;

const controller = new AbortController();
let listening = false;
let isPatient = false;
let watch: Worker | undefined;
let received = 130;

/** Thrown if a task was interrupted by a signal. */
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
 * SIGTERM or SIGHUP.
 *
 * @returns The same signal for each call.
 */
export function interruptSignal(): AbortSignal {
  if (listening) return controller.signal;
  listening = true;
  for (const [name, status] of SIGNAL_STATUS) {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) Deno.exit(status);
      received = status;
      controller.abort(new Interrupted());
      if (watch === undefined || isPatient) return;
      setTimeout(() => {
        console.error("Interrupted.");
        Deno.exit(status);
      }, GRACE);
    });
  }
  return controller.signal;
}

/**
 * Makes sure that signals end this process within a second. For tasks, whose
 * process exits in any case.
 */
export function watchSignals(): void {
  interruptSignal();
  watch = new Worker(new URL("exit_watch.ts", import.meta.url), {
    type: "module",
  });
  // Without the worker, a busy main thread exits later.
  watch.onerror = (event) => event.preventDefault();
}

/**
 * Lets the task take its time after the first signal, in order to save what it
 * has done. The second one still ends it at once.
 *
 * @returns See {@linkcode interruptSignal}.
 */
export function patientSignal(): AbortSignal {
  isPatient = true;
  watch?.postMessage("patient");
  return interruptSignal();
}
