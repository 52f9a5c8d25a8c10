import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Clock, watchRun } from "@/notebook/mod.ts";
import { takeFileLock } from "@/files/file_lock.ts";
import { writeRunLength } from "@/training/run_state.ts";
import { testPage } from "./_page.ts";

async function inFolder(
  text: string,
  check: (folder: string, path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/history.jsonl`;
    await Deno.writeTextFile(path, text);
    await check(folder, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const step = (number: number) =>
  JSON.stringify({ kind: "step", step: number, epoch: 1, loss: 1 / number }) +
  "\n";

/** A clock whose every wait does something instead. */
function busyClock(onWait: (waits: number) => void): Clock {
  let waits = 0;
  let now = 0;
  return {
    now: () => now,
    after(_, run) {
      onWait(++waits);
      now += 1000;
      queueMicrotask(run);
      return () => {};
    },
  };
}

const words = ({ shown }: ReturnType<typeof testPage>) =>
  shown.map(({ bundle }) => String(bundle["text/plain"]));

Deno.test("watchRun shows the bar and the curve of a run until it ends", async () => {
  await inFolder(step(1), async (folder, path) => {
    await writeRunLength(folder, { phase: "Training", steps: 4, batchSize: 8 });
    const lock = await takeFileLock(`${folder}/lock`);
    const clock = busyClock((waits) => {
      const options = { append: true };
      if (waits === 1) Deno.writeTextFileSync(path, step(2), options);
      if (waits === 3) lock.close();
    });
    const page = testPage();
    await watchRun(folder, { title: "Medium", display: page.display, clock });
    const [bar1, curve1, bar2, curve2, bar3, curve3, ...more] = words(page);
    assertEquals(bar1, "Training: 1 of 4, loss 1.00");
    assertStringIncludes(curve1!, "Medium. Training loss 1.");
    assertEquals(
      bar2,
      "Training: 2 of 4, loss 0.500, 8.0 photos per second, 0:02 left",
    );
    assertStringIncludes(curve2!, "Training loss from 1 to 0.5 at step 2");
    assertStringIncludes(bar3!, "Not training now");
    assertEquals([curve3, more], [curve2, []]);
    const { bundle } = page.shown[5]!;
    assertEquals("application/vnd.vegalite.v5+json" in bundle, true);
    const ids = page.shown.map(({ options }) => options.id);
    assertEquals(new Set(ids).size, 2);
  });
});

Deno.test("watchRun never draws a run that has ended as a live one", async () => {
  await inFolder(step(1), async (folder) => {
    const page = testPage();
    await watchRun(folder, { display: page.display });
    assertEquals(page.shown.length, 2);
    assertStringIncludes(words(page)[0]!, "ended at step 1.");
  });
});

Deno.test("watchRun ends when its signal is aborted", async () => {
  await inFolder(step(1), async (folder) => {
    using _lock = await takeFileLock(`${folder}/lock`);
    const page = testPage();
    const controller = new AbortController();
    const clock = busyClock(() => controller.abort());
    const { signal } = controller;
    await watchRun(folder, { display: page.display, clock, signal });
    assertEquals(page.shown.length, 4);
    assertEquals(
      words(page)[2],
      "Watching ended at step 1; the run goes on.",
    );
  });
});

Deno.test("watchRun outside Jupyter reads the file and returns", async () => {
  await inFolder(step(1), (folder) => watchRun(folder));
  await assertRejects(
    () => watchRun("no/such/run"),
    Error,
    'There is no history "no/such/run/history.jsonl"',
  );
});
