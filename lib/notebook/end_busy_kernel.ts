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

/** After this time without a beat a second press ends the kernel. */
const MIN_BUSY_MS = 800;

self.onmessage = ({ data }: MessageEvent<SharedArrayBuffer>) => {
  const beats = new Int32Array(data);
  let pressed = { beat: -1, time: 0 };
  const end = (before: number) => {
    if (Atomics.load(beats, 0) !== before) return;
    console.error(
      "The kernel was busy without end, so the stop button ends it.",
    );
    Deno.kill(Deno.pid, "SIGKILL");
  };
  Deno.addSignalListener("SIGINT", () => {
    const beat = Atomics.load(beats, 0);
    const time = performance.now();
    const isAgain = pressed.beat === beat && time - pressed.time > MIN_BUSY_MS;
    if (isAgain) return end(beat);
    pressed = { beat, time };
    setTimeout(() => end(beat), PATIENCE_MS);
  });
};
