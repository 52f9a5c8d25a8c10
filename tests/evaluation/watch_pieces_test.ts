import { watchPieces } from "@/evaluation/watch_pieces.ts";
import type { Progress } from "@/files/progress.ts";
import { assertEquals, assertThrows } from "@std/assert";

Deno.test("the time left is judged by pieces that were done now", () => {
  const told: Progress[] = [];
  const kept = { count: 7 };
  let ms = 0;
  const next = watchPieces(
    "Work",
    4,
    kept,
    { onProgress: (progress) => told.push(progress) },
    () => ms,
  );
  next();
  ms += 10; // one that was there
  next();
  ms += 3000, kept.count++;
  next();
  ms += 1000, kept.count += 2; // of two parts
  next();
  ms += 10;
  next();
  assertEquals(told, [
    { phase: "Work", done: 0, total: 4 },
    { phase: "Work", done: 1, total: 4 },
    { phase: "Work", done: 2, total: 4, secondsLeft: 6 },
    { phase: "Work", done: 3, total: 4, secondsLeft: 2 },
    { phase: "Work", done: 4, total: 4, secondsLeft: 0 },
  ]);
});

Deno.test("work is stopped between two pieces, not after the last", () => {
  const controller = new AbortController();
  const next = watchPieces("Work", 1, { count: 0 }, controller);
  next();
  controller.abort(new Error("Enough."));
  next();
  const stopped = watchPieces("Work", 1, { count: 0 }, controller);
  assertThrows(stopped, Error, "Enough.");
});
