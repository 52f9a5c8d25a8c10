import { roundTo8Bits, storedBytes } from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";

function values(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

Deno.test("a stored code has a byte a number and two bounds a channel", () => {
  assertEquals(storedBytes([43, 43, 8]), 43 * 43 * 8 + 8 * 8);
  assertEquals(storedBytes([1, 1, 1]), 9);
});

Deno.test("codes are rounded to 256 levels between their bounds", () => {
  tf.tidy(() => {
    // Bounds 0 and 25.5, so a level is 0.1.
    const codes = tf.tensor4d([0, 25.5, 0.04, 0.06, 12.34, 12.36], [
      1,
      1,
      6,
      1,
    ]);
    const expected = [0, 25.5, 0, 0.1, 12.3, 12.4];
    values(roundTo8Bits(codes)).forEach((value, i) =>
      assertAlmostEquals(value, expected[i]!, 1e-5)
    );
  });
});

Deno.test("each image's channel has bounds of its own", () => {
  tf.tidy(() => {
    // [2 images, 1, 2, 2 channels]
    const codes = tf.tensor4d([-1, 100, 1, 300, 5, 0, 6, 0.5], [2, 1, 2, 2]);
    values(roundTo8Bits(codes)).forEach((value, i) =>
      assertAlmostEquals(value, values(codes)[i]!, 1e-4)
    );
  });
});

Deno.test("rounding moves no number by more than half a level", () => {
  tf.tidy(() => {
    const codes = tf.randomNormal(
      [2, 8, 8, 3],
      0,
      5,
      "float32",
      1,
    ) as tf.Tensor4D;
    const range = codes.max([1, 2]).sub(codes.min([1, 2])).max().dataSync()[0]!;
    const moved = roundTo8Bits(codes).sub(codes).abs().max().dataSync()[0]!;
    assertLess(moved, range / 255 / 2 * 1.001);
    assertLess(range / 255 / 2 * 0.8, moved);
    const levels = new Set(values(roundTo8Bits(codes)));
    assertLess(levels.size, 2 * 3 * 64 + 1);
  });
});

Deno.test("a channel of one value keeps it", () => {
  tf.tidy(() => {
    const codes = tf.fill([1, 3, 3, 2], -0.75) as tf.Tensor4D;
    assertEquals(values(roundTo8Bits(codes)), values(codes));
  });
});
