/**
 * A worker that ends the process after a signal, whatever its main thread does:
 * that thread cannot see a signal while it computes. A worker's `Deno.exit` ends
 * the worker alone, so the C library's `_exit` is called.
 *
 * @module
 */
import { SIGNAL_STATUS } from "./signal_status.ts";

/** Milliseconds that the main thread has to tidy up and exit by itself. */
let grace = 700;

// From a task that takes its time after the first signal.
globalThis.addEventListener("message", () => grace = Infinity);

const library = Deno.build.os === "darwin"
  ? "/usr/lib/libSystem.B.dylib"
  : "libc.so.6";
const { symbols } = Deno.dlopen(library, {
  _exit: { parameters: ["i32"], result: "void" },
});

let signals = 0;
for (const [name, status] of SIGNAL_STATUS) {
  Deno.addSignalListener(name, () => {
    // A second signal ends it at once.
    if (++signals > 1) symbols._exit(status);
    if (grace === Infinity) return;
    setTimeout(() => {
      console.error("Interrupted.");
      symbols._exit(status);
    }, grace);
  });
}
