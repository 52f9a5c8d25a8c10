/**
 * Errors that no cell waits for: rejections that nothing awaits and errors in
 * timers. The kernel would say nothing of them.
 *
 * @module
 */
import { type Display, jupyterDisplay } from "./display.ts";

/**
 * Shows errors that no cell waits for below the cell that runs, or ran last.
 *
 * @param display Where they are shown.
 * @param events Where they are heard of.
 */
export function showStrayErrors(
  display: Display,
  events: EventTarget = globalThis,
): void {
  const listen = (type: string, read: (event: Event) => unknown) =>
    events.addEventListener(type, (event) => {
      event.preventDefault();
      const error = read(event);
      const words = error instanceof Error ? error.stack : `${error}`;
      void display({
        "text/plain": `An error that no cell waited for: ${words}`,
      });
    });
  listen("error", (event) => (event as ErrorEvent).error);
  listen(
    "unhandledrejection",
    (event) => (event as PromiseRejectionEvent).reason,
  );
}

const notebook = jupyterDisplay();
if (notebook !== undefined) showStrayErrors(notebook);
