import { assertEquals } from "@std/assert";
import { numberText } from "@/charts/number_text.ts";

Deno.test("numberText() groups thousands and keeps as many digits as asked", () => {
  assertEquals(numberText(14856, 0), "14,856");
  assertEquals(numberText(2625742712.4, 0), "2,625,742,712");
  assertEquals(numberText(31.256, 2), "31.26");
  assertEquals(numberText(0.5, 3), "0.500");
  assertEquals(numberText(0.1), "0.1");
  assertEquals(numberText(1234), "1,234");
});

Deno.test("numberText() writes a minus sign, but none before zero", () => {
  assertEquals(numberText(-0.204, 2), "−0.20");
  assertEquals(numberText(-0.004, 2), "0.00");
  assertEquals(numberText(-0, 1), "0.0");
});
