import { assert, assertEquals } from "@std/assert";
import { formatDuration } from "@/files/progress.ts";
import { progressLine, progressReporter } from "@/tasks/cli/progress_bar.ts";

function recorder(terminal: boolean, columns = 80) {
  const clock = { time: 0 };
  const text: string[] = [];
  const report = progressReporter({
    terminal,
    columns: () => columns,
    write: (piece) => text.push(piece),
    now: () => clock.time,
  });
  return { clock, text, report };
}

Deno.test("progressLine shows the bar, loss, speed and time left", () => {
  const progress = {
    phase: "Training",
    done: 120,
    total: 240,
    loss: 0.0123456,
    imagesPerSecond: 45.4,
    secondsLeft: 42.2,
  };
  assertEquals(
    progressLine(progress, true),
    "Training  ━━━━━━━━━━──────────  120/240  loss 0.01235  45 images/s  0:42 left",
  );
  assertEquals(progressLine(progress, false, 17), "Training  120/240");
  assertEquals(
    progressLine({ ...progress, phase: "medium convolutional" }, true, 79),
    "medium convolutional  120/240  loss 0.01235  45 images/s  0:42 left",
  );
  const long = { ...progress, phase: "high residual from PCA, standardised" };
  assertEquals(
    progressLine(long, true, 66),
    `${long.phase}  120/240  0:42 left`,
  );
});

Deno.test("progressLine draws no bar where the total is unknown", () => {
  assertEquals(
    progressLine({ phase: "Reading", done: 3, total: 0 }, true),
    "Reading  3",
  );
});

Deno.test("formatDuration counts minutes and hours", () => {
  assertEquals(
    [0.4, 59.6, 3599, 3600, 36_061, -1].map(formatDuration),
    ["0:00", "1:00", "59:59", "1:00:00", "10:01:01", "0:00"],
  );
});

Deno.test("progressReporter redraws a terminal's line ten times a second", () => {
  const { clock, text, report } = recorder(true);
  for (let done = 0; done <= 100; done++) {
    report({ phase: "Reading", done, total: 0 });
    clock.time += 10;
  }
  report.end();
  assertEquals(text.length, 12);
  assertEquals(text.at(0), "\r\x1b[KReading  0");
  assertEquals(text.at(-2), "\r\x1b[KReading  100");
  assertEquals(text.at(-1), "\n");
});

Deno.test("progressReporter writes plain lines now and then to a pipe", () => {
  const { clock, text, report } = recorder(false);
  for (let done = 1; done <= 25; done++) {
    report({ phase: "Reading", done, total: 25 });
    clock.time += 1000;
  }
  report({ phase: "Writing", done: 1, total: 1 });
  report.end();
  assertEquals(text, [
    "Reading  1/25\n",
    "Reading  11/25\n",
    "Reading  21/25\n",
    "Reading  25/25\n",
    "Writing  1/1\n",
  ]);
});

Deno.test("progressReporter ends silently where nothing was told", () => {
  const { text, report } = recorder(true);
  report.end();
  report.end();
  assertEquals(text, []);
});

Deno.test("progressReporter shows a passing detail and never wraps", () => {
  const phases = (terminal: boolean, columns: number) => {
    const { clock, text, report } = recorder(terminal, columns);
    report({ phase: "First", done: 1, total: 2 });
    clock.time = 2400;
    report({ phase: "First", done: 1, total: 2, detail: "numpy  2 s" });
    report({ phase: "Second", done: 2, total: 2 });
    report.end();
    return text;
  };
  const clear = "\r\x1b[K";
  const [half, whole] = ["━━━━━━━━━━──────────", "━".repeat(20)];
  assertEquals(phases(true, 80), [
    `${clear}First  ${half}  1/2`,
    `${clear}First  ${half}  1/2  numpy  2 s`,
    "\n",
    `${clear}Second  ${whole}  2/2`,
    "\n",
  ]);
  for (const line of phases(true, 14).join("").split(clear).slice(1)) {
    assert(line.trimEnd().length <= 13, line);
  }
});
