import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type Clock, watchRun } from "@/notebook/mod.ts";
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

Deno.test("watchRun follows a growing file until it rests", async () => {
  await inFolder(step(1), async (folder, path) => {
    const { shown, display } = testPage();
    let looks = 0;
    let now = Date.now();
    const clock: Clock = {
      now: () => now,
      after(_, run) {
        looks++;
        if (looks === 2) {
          Deno.writeTextFileSync(path, step(2), { append: true });
        }
        if (looks === 4) now += 60_000;
        queueMicrotask(run);
        return () => {};
      },
    };
    await watchRun(folder, { title: "Medium", display, clock, quiet: 30_000 });
    const words = shown.map(({ bundle }) => String(bundle["text/plain"]));
    assertEquals(words.length, 3);
    assertStringIncludes(words[0]!, "Medium. Training loss 1.");
    assertStringIncludes(words[1]!, "Training loss from 1 to 0.5 at step 2");
    assertEquals(words[2], words[1]);
    assertEquals("application/vnd.vegalite.v5+json" in shown[2]!.bundle, true);
    assertEquals(new Set(shown.map(({ options }) => options.id)).size, 1);
    assertEquals(looks, 4);
  });
});

Deno.test("watchRun draws a run that ended long ago once", async () => {
  await inFolder(step(1), async (folder, path) => {
    await Deno.utime(path, 1000, 1000);
    const { shown, display } = testPage();
    await watchRun(folder, { display });
    assertEquals(shown.length, 1);
  });
});

Deno.test("watchRun ends when its signal is aborted", async () => {
  await inFolder(step(1), async (folder) => {
    const { shown, display } = testPage();
    const controller = new AbortController();
    const clock: Clock = {
      now: () => Date.now(),
      after() {
        queueMicrotask(() => controller.abort());
        return () => {};
      },
    };
    const { signal } = controller;
    await watchRun(folder, { display, clock, signal });
    assertEquals(shown.length, 2);
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
