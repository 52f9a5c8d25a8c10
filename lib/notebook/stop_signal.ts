/**
 * JupyterLab's stop button as an `AbortSignal`. The button sends SIGINT, which
 * ends a kernel that does not listen for it, with everything in its memory.
 *
 * @module
 */
import { jupyterDisplay } from "./display.ts";

/** Registers a callback for every SIGINT. */
export type Listen = (onInterrupt: () => void) => void;

/** Returns the signal for the next run. */
export type StopSignal = () => AbortSignal;

/** The reason of a signal that the stop button aborted. */
export class Stopped extends Error {
  /** The class, for stack traces. */
  override readonly name = "Stopped";

  /** Says what happened. */
  constructor() {
    super("Stopped by the stop button.");
  }
}

/**
 * Makes a function like {@linkcode stopSignal}.
 *
 * @param listen Called once, on first use.
 * @returns A function that returns the current signal, or a new one after an
 * interrupt.
 */
export function makeStopSignal(listen: Listen): StopSignal {
  let controller: AbortController | undefined;
  return () => {
    if (controller === undefined) {
      listen(() => controller?.abort(new Stopped()));
    }
    if (controller === undefined || controller.signal.aborted) {
      controller = new AbortController();
    }
    return controller.signal;
  };
}

/**
 * Gets the signal that the stop button aborts, with {@linkcode Stopped} as its
 * reason. Call it in the notebook's first cell, which keeps the kernel alive
 * from then on, and again for every run: after an interrupt it returns a new
 * signal.
 *
 * A run must await something regularly, or it does not notice the interrupt
 * before it ends. Outside Jupyter, Ctrl+C keeps its default meaning and the
 * signal is never aborted.
 *
 * @returns The signal for the next run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { stopSignal } from "./mod.ts";
 *
 * assertEquals(stopSignal().aborted, false);
 * ```
 */
export const stopSignal: StopSignal = makeStopSignal((onInterrupt) => {
  if (jupyterDisplay() === undefined) return;
  Deno.addSignalListener("SIGINT", onInterrupt);
});
