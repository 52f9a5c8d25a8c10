import { powerOf } from "@/codec/entropy/log_steps.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";

Deno.test("powerOf() is a power of two to 15 digits, and exact for whole ones", () => {
  for (let log = -1440; log <= 1440; log++) {
    assertAlmostEquals(powerOf(log) / 2 ** (log / 48), 1, 2 ** -14.9);
  }
  for (let octave = -30; octave <= 30; octave++) {
    assertEquals(powerOf(48 * octave), 2 ** octave);
  }
});
