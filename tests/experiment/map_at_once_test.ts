import { assertEquals, assertRejects } from "@std/assert";
import { mapAtOnce } from "@/experiment/map_at_once.ts";

Deno.test("results keep the order of the items, whichever call ends first", async () => {
  const waits = [20, 1, 10, 0];
  const found = await mapAtOnce(waits, async (wait, i) => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    return i;
  });
  assertEquals(found, [0, 1, 2, 3]);
});

Deno.test("after a call that failed no others start", async () => {
  const started: number[] = [];
  const items = Array.from({ length: 1000 }, (_, i) => i);
  await assertRejects(
    () =>
      mapAtOnce(items, (item) => {
        started.push(item);
        return Promise.reject(new Error(`item ${item}`));
      }),
    Error,
    "item 0",
  );
  assertEquals(started.length < items.length, true);
});
