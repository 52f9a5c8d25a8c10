import { atQuality, powerOf } from "@/codec/entropy/log_steps.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";

Deno.test("powerOf() is a power of two to 15 digits, and exact for whole ones", () => {
  for (let log = -1440; log <= 1440; log++) {
    assertAlmostEquals(powerOf(log) / 2 ** (log / 48), 1, 2 ** -14.9);
  }
  for (let octave = -30; octave <= 30; octave++) {
    assertEquals(powerOf(48 * octave), 2 ** octave);
  }
});

Deno.test("atQuality() is linear between anchors and rounds halves up", () => {
  const anchors = [Int16Array.of(0, -10), Int16Array.of(99, 10), [100, 11]];
  assertEquals(Array.from(atQuality(anchors, 1)), [0, -10]);
  assertEquals(Array.from(atQuality(anchors, 2)), [2, -10]);
  assertEquals(Array.from(atQuality(anchors, 100)), [100, 11]);
  // A 99th past the middle anchor.
  assertEquals(Array.from(atQuality(anchors, 51)), [99, 10]);
  assertEquals(Array.from(atQuality([[0], [1]], 100)), [1]);
});
