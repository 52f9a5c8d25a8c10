/**
 * JupyterLab's stop button as an AbortSignal. The button sends SIGINT, which
 * ends a kernel that does not listen and with it everything in its memory.
 *
 * @module
 */
import { jupyterDisplay } from "./display.ts";

/** Calls back on every SIGINT. */
export type Listen = (onInterrupt: () => void) => void;

/** Gives the signal of the next run. */
export type StopSignal = () => AbortSignal;

/** Why a run ended: the reason of the aborted signal. */
export class Stopped extends Error {
  /** The class, for stack traces. */
  override readonly name = "Stopped";

  /** Says what happened. */
  constructor() {
    super("Stopped by the stop button");
  }
}

/**
 * Make a {@link stopSignal} of its own.
 *
 * @param listen Called once, on first use.
 * @returns A function that gives the current signal, or a new one after an
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
 * The signal that the stop button aborts, with {@link Stopped} as its reason.
 * Call it in the notebook's first cell, which keeps the kernel alive from then
 * on, and again for every run: after an interrupt it gives a new signal.
 *
 * A run must await something now and then, or the interrupt is not noticed
 * before it ends. Outside Jupyter, Ctrl+C stays as it is and the signal is
 * never aborted.
 *
 * @returns The signal of the next run.
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
