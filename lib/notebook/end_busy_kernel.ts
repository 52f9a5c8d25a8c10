/**
 * A thread beside a notebook's kernel: it ends the kernel when the stop button is
 * pressed and the kernel's own thread computes without end, so that it cannot
 * hear of it. JupyterLab then says that the kernel died, and starts another.
 *
 * @module
 */
/// <reference lib="deno.worker" />

/** How long the kernel's thread may be busy after the button was pressed. */
const PATIENCE_MS = 15_000;

self.onmessage = ({ data }: MessageEvent<SharedArrayBuffer>) => {
  const beats = new Int32Array(data);
  let pressed: number | undefined;
  const end = (before: number) => {
    if (Atomics.load(beats, 0) !== before) return;
    console.error(
      "The kernel was busy without end, so the stop button ends it.",
    );
    Deno.kill(Deno.pid, "SIGKILL");
  };
  Deno.addSignalListener("SIGINT", () => {
    const now = Atomics.load(beats, 0);
    if (pressed === now) return end(now); // pressed again, and still busy
    pressed = now;
    setTimeout(() => end(now), PATIENCE_MS);
  });
};
