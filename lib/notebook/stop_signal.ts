/**
 * JupyterLab's stop button as an `AbortSignal`. The button sends SIGINT, which
 * ends a kernel that does not listen for it, with everything in its memory.
 *
 * @module
 */
import { type Display, jupyterDisplay } from "./display.ts";

/** Registers a callback for every SIGINT. */
export type Listen = (onInterrupt: () => void) => void;

/** Returns the signal for the next run. */
export type StopSignal = () => AbortSignal;

/** The reason of a signal that the stop button aborted. */
export class Stopped extends Error {
  /** The class, as a cell shows it. */
  override readonly name = "Stopped";

  /** Says what happened. */
  constructor() {
    super("Stopped by the stop button.");
    // The kernel shows the stack, and where a run stopped says nothing.
    this.stack = `${this.name}: ${this.message}`;
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
 * before it ends. A cell that does not end by itself loses the kernel's
 * variables: one that computes without end is ended after 15 s or when the
 * button is pressed again, one that waits without end when it is pressed again.
 * Outside Jupyter, Ctrl+C keeps its default meaning and the signal is never
 * aborted.
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
export const stopSignal: StopSignal = () => {
  const before = current;
  current = nextSignal();
  if (current !== before) stopWasNoticed(); // another run has begun
  return current;
};

let current: AbortSignal | undefined;

const nextSignal = makeStopSignal((onInterrupt) => {
  const display = jupyterDisplay();
  if (display === undefined) return;
  Deno.addSignalListener("SIGINT", () => {
    onInterrupt();
    endOnSecondPress(display);
  });
  watchBusyKernel();
});

/** The time in which a second press belongs to the first. */
const SECOND_PRESS_MS = 5000;

/** How long a run may take to end before it is said how to end it by force. */
const HINT_MS = 3000;

let lastPress = -Infinity;
let hint: ReturnType<typeof setTimeout> | undefined;

/** Says that a run has ended as it was asked to. */
export function stopWasNoticed(): void {
  lastPress = -Infinity;
  clearTimeout(hint);
}

/** For cells that never look at their signal. */
function endOnSecondPress(display: Display): void {
  const say = (text: string) => display({ "text/plain": text });
  const now = performance.now();
  clearTimeout(hint);
  if (now - lastPress < SECOND_PRESS_MS) {
    void say(
      "Stopped by force: the kernel starts again, without its variables.",
    ).finally(() => setTimeout(() => Deno.kill(Deno.pid, "SIGKILL"), 200));
    return;
  }
  lastPress = now;
  hint = setTimeout(() =>
    void say(
      "If the cell still runs, press stop twice: the kernel then starts " +
        "again, without its variables.",
    ), HINT_MS);
}

/** Starts the thread that ends a kernel which is busy without end. */
function watchBusyKernel(): void {
  const shared = new SharedArrayBuffer(4);
  const beats = new Int32Array(shared);
  const worker = new Worker(
    new URL("./end_busy_kernel.ts", import.meta.url),
    { type: "module" },
  );
  worker.postMessage(shared);
  // It beats between cells, too, since it keeps the kernel's loop running.
  setInterval(() => void Atomics.add(beats, 0, 1), 250);
}
