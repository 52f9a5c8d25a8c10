import {
  CACHE_FILE,
  MeasurementCache,
  trackPieces,
} from "@/evaluation/measurement_cache.ts";
import type { Progress } from "@/files/progress.ts";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";

async function withFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    await work(`${root}/runs/measured`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a piece of work is done once, also by a later process", async () => {
  await withFolder(async (folder) => {
    const worked: string[] = [];
    const find = (cache: MeasurementCache, name: string) =>
      cache.once(["square", name], () => {
        worked.push(name);
        return Promise.resolve({ length: name.length });
      });
    const first = await MeasurementCache.open(folder);
    assertEquals(await find(first, "a"), { length: 1 });
    assertEquals(await find(first, "bcd"), { length: 3 });
    assertEquals(await find(first, "a"), { length: 1 });
    const second = await MeasurementCache.open(folder);
    assertEquals(second.count, 2);
    assertEquals(await find(second, "bcd"), { length: 3 });
    assertEquals(await find(second, "ef"), { length: 2 });
    assertEquals(worked, ["a", "bcd", "ef"]);
  });
});

Deno.test("a piece that failed or was torn is done again, and no other", async () => {
  await withFolder(async (folder) => {
    const cache = await MeasurementCache.open(folder);
    await cache.once("a", () => Promise.resolve(1));
    await assertRejects(
      () => cache.once("b", () => Promise.reject(new Error("Enough."))),
      Error,
      "Enough.",
    );
    assertEquals(cache.count, 1);
    await cache.once("b", () => Promise.resolve(2));
    const path = `${folder}/${CACHE_FILE}`;
    const whole = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, whole.slice(0, -7));

    const later = await MeasurementCache.open(folder);
    assertEquals(later.count, 1);
    assertEquals(await later.once("b", () => Promise.resolve(3)), 3);
    const last = await MeasurementCache.open(folder);
    assertEquals(last.count, 2);
    const never = () => Promise.reject(new Error("It is done."));
    assertEquals(await last.once("a", never), 1);
    assertEquals(await last.once("b", never), 3);
  });
});

Deno.test("the time left is judged by pieces that were done now", () => {
  const told: Progress[] = [];
  const cache = { count: 7 };
  let ms = 0;
  const next = trackPieces({
    phase: "Work",
    total: 4,
    cache,
    controls: { onProgress: (progress) => told.push(progress) },
    now: () => ms,
  });
  next();
  ms += 10; // one that was there
  next();
  ms += 3000, cache.count++;
  next();
  ms += 1000, cache.count += 2; // of two parts
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
  const work = {
    phase: "Work",
    total: 1,
    cache: { count: 0 },
    controls: controller,
  };
  const next = trackPieces(work);
  next();
  controller.abort(new Error("Enough."));
  next();
  assertThrows(trackPieces(work), Error, "Enough.");
});
