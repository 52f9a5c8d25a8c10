import { assertAlmostEquals, assertEquals } from "@std/assert";
import { textWidth } from "@/charts/text_width.ts";

// Advance widths of DejaVu Sans 2.37 in units of 1/2048 em.
const advances = { M: 1767, i: 569, space: 651 };

Deno.test("textWidth sums the font's own advance widths", () => {
  const units = advances.M + advances.space + advances.i;
  assertAlmostEquals(textWidth("M i", 12), units / 2048 * 12, 0.02);
});

Deno.test("textWidth knows the bold face", () => {
  assertEquals(textWidth("M", 100, true) > textWidth("M", 100) + 5, true);
});

Deno.test("textWidth of nothing is 0", () => {
  assertEquals(textWidth("", 12), 0);
});
