import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { mapAtOnce } from "@/files/map_at_once.ts";

Deno.test("results keep the order of the items, whichever call ends first", async () => {
  const waits = [20, 1, 10, 0];
  const found = await mapAtOnce(waits, async (wait, i) => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    return i;
  });
  assertEquals(found, [0, 1, 2, 3]);
});

Deno.test("after a call that failed no others start, and running ones end", async () => {
  const items = Array.from({ length: 1000 }, (_, i) => i);
  let started = 0, ended = 0;
  await assertRejects(
    () =>
      mapAtOnce(items, async (item) => {
        started++;
        await new Promise((resolve) => setTimeout(resolve, item));
        ended++;
        if (item === 0) throw new Error("item 0");
      }),
    Error,
    "item 0",
  );
  assertEquals(ended, started);
  assertLess(started, items.length);
});
