import { assertEquals, assertThrows } from "@std/assert";
import { cropMiddle, withAlpha, withoutAlpha } from "@/images/mod.ts";

Deno.test("withAlpha() makes pixels opaque, and withoutAlpha() undoes it", () => {
  const rgb = new Uint8Array([1, 2, 3, 4, 5, 6]);
  const rgba = withAlpha(rgb);
  assertEquals([...rgba], [1, 2, 3, 255, 4, 5, 6, 255]);
  assertEquals(withoutAlpha(rgba), rgb);
});

Deno.test("cropMiddle() keeps as much on the left as on the right", () => {
  const grey = (value: number) => [value, value, value];
  const row = {
    width: 5,
    height: 1,
    data: new Uint8Array([0, 1, 2, 3, 4].flatMap(grey)),
  };
  assertEquals([...cropMiddle(row, 3, 1).data], [1, 2, 3].flatMap(grey));
  assertEquals([...cropMiddle(row, 2, 1).data], [1, 2].flatMap(grey));
  assertThrows(() => cropMiddle(row, 6, 1), RangeError, "inside the image");
});
