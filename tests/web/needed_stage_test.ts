import { isLarger, neededStage, readPrefixes } from "@/web/needed_stage.ts";
import { assertEquals } from "@std/assert";

Deno.test("a layout needs the high image where the medium one is scaled up", () => {
  const photo = { width: 767, height: 511 };
  const needed = (width: number, height: number, ratio = 1) =>
    neededStage({ width, height }, ratio, photo);
  assertEquals(needed(384, 256), "medium");
  assertEquals(needed(384.4, 256.1), "medium"); // rounded by the layout
  assertEquals([needed(386, 200), needed(200, 260)], ["high", "high"]);
  assertEquals([needed(192, 128, 2), needed(200, 128, 2)], ["medium", "high"]);
  assertEquals(needed(0, 0), "medium");
});

Deno.test("images of a file are ordered, and none is the smallest", () => {
  assertEquals(isLarger("high", "medium"), true);
  assertEquals(isLarger("thumbnail", undefined), true);
  assertEquals(isLarger(undefined, undefined), false);
  assertEquals(isLarger("medium", "medium"), false);
});

Deno.test("prefixes are two rising numbers, and anything else is ignored", () => {
  assertEquals(readPrefixes("645 20980"), [645, 20980]);
  assertEquals(readPrefixes(" 645\t20980 "), [645, 20980]);
  for (const text of [null, "", "645", "0 5", "20 10", "a b", "1 2 3"]) {
    assertEquals(readPrefixes(text), undefined, `${text}`);
  }
});
