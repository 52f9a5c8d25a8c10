import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { photoGrid } from "@/charts/mod.ts";
import { liveTraining } from "@/notebook/mod.ts";
import { settle, type Shown, testClock, testPage } from "./_page.ts";

const grey = { width: 2, height: 2, data: new Uint8Array(12).fill(99) };

function lastOf(shown: readonly Shown[], type: string): Shown {
  return shown.findLast(({ bundle }) => type in bundle)!;
}

Deno.test("liveTraining updates bar, curve and photos in their places", async () => {
  const { shown, display } = testPage();
  const clock = testClock();
  const live = liveTraining({ title: "Medium", display, clock });
  const grid = await photoGrid({ rows: [{ label: "", photos: [grey] }] });
  for (let step = 1; step <= 100; step++) {
    const loss = 1 / step;
    live.onHistory({ kind: "step", step, loss });
    live.onProgress({ phase: "Training", done: step, total: 100, loss });
    if (step === 50) live.onPhotos(grid, "Epoch 1");
    await settle();
    clock.pass(50);
  }
  await live.finish();

  const ids = new Set(shown.map(({ options }) => options.id));
  assertEquals(ids.size, 3);
  for (const id of ids) {
    const updates = shown.filter(({ options }) => options.id === id)
      .map(({ options }) => options.update);
    assertEquals(updates.indexOf(true), updates.length > 1 ? 1 : -1);
    assertEquals(updates.lastIndexOf(false), 0);
  }
  const count = (type: string) =>
    shown.filter(({ bundle }) => type in bundle).length;
  // Seconds 0 to 5: the bar twice each, the curve once; both at the end again.
  assertEquals(count("text/html"), 12);
  assertEquals(count("image/svg+xml"), 7);
  assertEquals(count("image/png"), 1);
  assertEquals(count("application/vnd.vegalite.v5+json"), 1);
  assertEquals(clock.timers(), 0);

  const bar = lastOf(shown, "text/html").bundle;
  assertEquals(bar["text/plain"], "Training: 100 of 100, loss 0.0100");
  assertStringIncludes(String(bar["text/html"]), 'value="100" max="100"');
  assertStringIncludes(
    String(lastOf(shown, "image/svg+xml").bundle["text/plain"]),
    "Training loss from 1 to 0.01 at step 100",
  );
});

Deno.test("liveTraining goes on from the records of an earlier part", async () => {
  const { shown, display } = testPage();
  const history = [{ kind: "step" as const, step: 1, loss: 4 }];
  const clock = testClock();
  const live = liveTraining({ title: "High", history, display, clock });
  live.onHistory({ kind: "step", step: 2, loss: 2 });
  await live.finish();
  assertStringIncludes(
    String(lastOf(shown, "image/svg+xml").bundle["text/plain"]),
    "Training loss from 4 to 2 at step 2",
  );
  assertEquals(history.length, 1);
});

Deno.test("liveTraining draws a curve for each run", async () => {
  const { shown, display } = testPage();
  const live = liveTraining({ title: "Both", display, clock: testClock() });
  live.onHistory({ run: "first", kind: "step", step: 1, loss: 4 });
  live.onHistory({ run: "first", kind: "step", step: 2, loss: 3 });
  live.onHistory({ run: "second", kind: "step", step: 1, loss: 2 });
  await live.finish();
  const words = String(lastOf(shown, "image/svg+xml").bundle["text/plain"]);
  assertStringIncludes(words, "first: training loss from 4 to 3 at step 2");
  assertStringIncludes(words, "second: training loss 2");
});

Deno.test("liveTraining ends with the words it is given", async () => {
  const { shown, display } = testPage();
  const live = liveTraining({ title: "High", display, clock: testClock() });
  live.onProgress({ phase: "Training", done: 7, total: 10 });
  await live.finish("Stopped at step <7>");
  const bar = lastOf(shown, "text/html").bundle;
  assertEquals(bar["text/plain"], "Stopped at step <7>");
  assertStringIncludes(String(bar["text/html"]), "Stopped at step &lt;7&gt;");
});

Deno.test("liveTraining tells at the end what could not be shown", async () => {
  const { display } = testPage();
  const live = liveTraining({ title: "High", display, clock: testClock() });
  live.onPhotos(Uint8Array.of(1, 2, 3), "Broken");
  await assertRejects(() => live.finish(), TypeError, '"010203"');
});

Deno.test("liveTraining shows nothing outside Jupyter", async () => {
  const clock = testClock();
  const live = liveTraining({ title: "High", clock });
  live.onProgress({ phase: "Training", done: 7, total: 10 });
  live.onHistory({ kind: "step", step: 7, loss: 2 });
  live.onPhotos(Uint8Array.of(1), "Broken");
  await live.finish();
  assertEquals(clock.timers(), 0);
});
