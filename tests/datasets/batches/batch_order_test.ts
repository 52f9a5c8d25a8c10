import { batchOrder } from "@/datasets/mod.ts";
import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";

Deno.test("batchOrder() takes every pair once in an epoch", () => {
  const batches = batchOrder(48, 16, 3, 5);
  assertEquals(batches.map(({ length }) => length), [16, 16, 16]);
  assertEquals(
    batches.flat().toSorted((a, b) => a - b),
    Array.from({ length: 48 }, (_, i) => i),
  );
});

Deno.test("batchOrder() is pinned: a resumed run meets the same order", () => {
  assertEquals(batchOrder(8, 4, 1, 1), [[4, 3, 7, 6], [1, 2, 0, 5]]);
});

Deno.test("batchOrder() differs between epochs and between seeds", () => {
  const first = batchOrder(100, 10, 1, 1);
  assertEquals(batchOrder(100, 10, 1, 1), first);
  assertNotEquals(batchOrder(100, 10, 1, 2), first);
  assertNotEquals(batchOrder(100, 10, 2, 1), first);
  // (1, 2) and (2, 1) must not be the same stream.
  assertNotEquals(batchOrder(100, 10, 2, 1), batchOrder(100, 10, 1, 2));
});

Deno.test("batchOrder() gives only full batches, leaving out others each time", () => {
  const epochs = [1, 2, 3, 4, 5].map((epoch) => batchOrder(10, 4, 1, epoch));
  for (const batches of epochs) {
    assertEquals(batches.map(({ length }) => length), [4, 4]);
  }
  assertEquals(new Set(epochs.flat(2)).size, 10);
  assertEquals(batchOrder(3, 4, 1, 1).map(({ length }) => length), [3]);
});

Deno.test("batchOrder() quotes invalid numbers", () => {
  assertThrows(() => batchOrder(0, 4, 1, 1), RangeError, "at least 1, got 0.");
  assertThrows(
    () => batchOrder(8, 2.5, 1, 1),
    RangeError,
    "at least 1, got 2.5.",
  );
});
