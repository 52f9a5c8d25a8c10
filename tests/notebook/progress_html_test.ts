import { assertEquals } from "@std/assert";
import { progressHtml, progressWords } from "@/notebook/mod.ts";

Deno.test("progressWords says all that is known", () => {
  assertEquals(
    progressWords({
      phase: "Training",
      done: 1200,
      total: 12_000,
      loss: 0.012345,
      imagesPerSecond: 45.4,
      secondsLeft: 3725.4,
    }),
    "Training: 1,200 of 12,000, loss 0.0123, 45 photos per second, 1:02:05 left",
  );
});

Deno.test("progressWords leaves out what is not known", () => {
  const report = { phase: "Reading", done: 3, total: 0, secondsLeft: Infinity };
  assertEquals(progressWords(report), "Reading: 3");
  const start = { phase: "Starting", done: 0, total: 0 };
  assertEquals(progressWords(start), "Starting");
});

Deno.test("progressHtml escapes the phase and the words", () => {
  const html = progressHtml({ phase: '<b a="1">', done: 1, total: 4 });
  assertEquals(
    html.replace(/ style="[^"]*"/g, ""),
    '<progress aria-label="&lt;b a=&quot;1&quot;&gt;" value="1" max="4">' +
      "</progress><div>&lt;b a=&quot;1&quot;&gt;: 1 of 4</div>",
  );
});

Deno.test("progressHtml shows an unknown total as a bar without value", () => {
  const html = progressHtml({ phase: "Reading", done: 3, total: 0 });
  assertEquals(html.includes("value="), false);
});
