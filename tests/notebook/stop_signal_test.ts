import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { makeStopSignal, Stopped } from "@/notebook/mod.ts";

Deno.test("a stop signal is aborted by an interrupt and then renewed", () => {
  const listeners: (() => void)[] = [];
  const next = makeStopSignal((onInterrupt) => listeners.push(onInterrupt));
  const first = next();
  assertEquals(next(), first);
  listeners[0]!();
  assert(first.aborted);
  assertThrows(() => first.throwIfAborted(), Stopped, "Stopped by the stop");
  // What a cell shows: no lines of where the run stopped.
  assertEquals(first.reason.stack, "Stopped: Stopped by the stop button.");

  const second = next();
  assertFalse(second.aborted);
  listeners[0]!();
  assert(second.aborted);
  listeners[0]!(); // pressed again with no run to stop
  assertFalse(next().aborted);
  assertEquals(listeners.length, 1);
});

Deno.test("a stop signal does not listen before its first use", () => {
  let count = 0;
  const next = makeStopSignal(() => count++);
  assertEquals(count, 0);
  next();
  next();
  assertEquals(count, 1);
});
