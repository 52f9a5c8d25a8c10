import { assertEquals } from "@std/assert";
import { phaseLine } from "@/tasks/setup/phase_line.ts";

function record(terminal: boolean, columns = 80): string {
  const text: string[] = [];
  const clock = { time: 0 };
  const line = phaseLine(2, {
    terminal,
    columns: () => columns,
    write: (piece) => text.push(piece),
    now: () => clock.time,
  });
  line.phase("First");
  clock.time = 2400;
  line.detail("numpy");
  clock.time = 3400;
  line.tick();
  line.phase("Second");
  line.finish("Done.");
  line.tick();
  return text.join("");
}

Deno.test("phaseLine prints a line a phase to a pipe", () => {
  assertEquals(record(false), "[1/2] First\n[2/2] Second\nDone.\n");
});

Deno.test("phaseLine redraws one line in a terminal", () => {
  const clear = "\r\x1b[K";
  assertEquals(
    record(true),
    `${clear}[1/2] First 0 s${clear}[1/2] First: numpy 2 s` +
      `${clear}[1/2] First: numpy 3 s${clear}[2/2] Second 3 s${clear}Done.\n`,
  );
});

Deno.test("phaseLine never wraps", () => {
  for (const line of record(true, 14).split("\r\x1b[K").slice(1, 5)) {
    assertEquals(line.length, 13);
  }
});
