import { cropImage } from "@/images/mod.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { noise } from "./_samples.ts";

Deno.test("cropImage() takes exactly the pixels of the rectangle", () => {
  const { data } = noise(6, 5);
  const crop = cropImage(noise(6, 5), {
    left: 2,
    top: 1,
    width: 3,
    height: 2,
  });
  const pixel = (x: number, y: number) => [
    ...data.subarray((y * 6 + x) * 3, (y * 6 + x) * 3 + 3),
  ];
  assertEquals(
    [...crop.data],
    [[2, 1], [3, 1], [4, 1], [2, 2], [3, 2], [4, 2]]
      .flatMap(([x, y]) => pixel(x!, y!)),
  );
});

Deno.test("cropImage() of everything is an equal copy", () => {
  const pixels = noise(3, 2);
  const all = cropImage(pixels, { left: 0, top: 0, width: 3, height: 2 });
  assertEquals(all, pixels);
  all.data.fill(0);
  assertEquals(pixels, noise(3, 2));
});

Deno.test("cropImage() quotes a rectangle that is not inside", () => {
  const good = { left: 0, top: 0, width: 3, height: 2 };
  for (
    const bad of [
      { left: 1 },
      { top: -1 },
      { width: 0 },
      { height: 3 },
      { left: 0.5, width: 1 },
      { top: NaN },
    ]
  ) {
    assertThrows(
      () => cropImage(noise(3, 2), { ...good, ...bad }),
      RangeError,
      "A crop must be inside the image of 3 by 2, got ",
    );
  }
});
