import { median } from "@/metrics/mod.ts";
import { assertEquals, assertThrows } from "@std/assert";

Deno.test("the median is the middle value", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 2, 3]), 2.5);
  assertEquals(median([7]), 7);
  assertThrows(() => median([]), RangeError, "An empty list has no median.");
});
