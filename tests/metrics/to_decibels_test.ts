import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { toDecibels } from "@/metrics/mod.ts";

Deno.test("toDecibels() adds 10 dB for each tenth of the remaining error", () => {
  assertEquals(toDecibels(0), 0);
  assertAlmostEquals(toDecibels(0.9), 10);
  assertAlmostEquals(toDecibels(0.999), 30);
  assertEquals(toDecibels(1), Infinity);
});

Deno.test("toDecibels() refuses more than 1 and not-a-number", () => {
  assertThrows(() => toDecibels(1.1), RangeError, "at most 1, got 1.1");
  assertThrows(() => toDecibels(NaN), RangeError, "at most 1, got NaN");
});
