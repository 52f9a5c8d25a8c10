import { assertEquals } from "@std/assert";
import { tf } from "@/tensorflow/mod.ts";
import { assertGradient } from "./_gradient.ts";

const pads: tf.backend_util.ExplicitPadding = [[0, 0], [1, 2], [0, 1], [0, 0]];

Deno.test("a maximum takes no account of the padding", () => {
  const x = tf.tensor4d([-1, -2, -3, -4], [1, 2, 2, 1]);
  const y = tf.maxPool(x, 2, 1, 1);
  assertEquals(y.shape, [1, 3, 3, 1]);
  assertEquals(Array.from(y.dataSync()), [-1, -1, -2, -1, -1, -2, -3, -3, -4]);
  tf.dispose([x, y]);
});

Deno.test("a mean is of the elements inside only", () => {
  const x = tf.ones<tf.Rank.R4>([1, 3, 3, 1]);
  const y = tf.avgPool(x, 3, 1, pads);
  assertEquals(y.shape, [1, 4, 2, 1]);
  assertEquals(Array.from(y.dataSync()), Array(8).fill(1));
  tf.dispose([x, y]);
});

Deno.test("an input is cut where rounding leaves the rest of it out", () => {
  const x = tf.range(0, 36).reshape<tf.Tensor4D>([1, 6, 6, 1]);
  const shapes = (["floor", "round", "ceil"] as const).map((rounding) => {
    const y = tf.maxPool(x, 3, 4, 1, rounding);
    const { shape } = y;
    y.dispose();
    return shape.slice(1, 3);
  });
  assertEquals(shapes, [[2, 2], [2, 2], [3, 3]]);
  x.dispose();
});

Deno.test("gradients of padded pools equal differences", () => {
  const shape = [1, 4, 4, 1];
  const to4d = (x: tf.Tensor) => x as tf.Tensor4D;
  assertGradient(shape, (x) => tf.maxPool(to4d(x), 3, 1, pads));
  assertGradient(shape, (x) => tf.avgPool(to4d(x), 3, 1, pads));
  assertGradient(shape, (x) => tf.avgPool(to4d(x), 3, 2, 1));
  assertGradient([1, 3, 3, 3, 1], (x) => {
    return tf.avgPool3d(x as tf.Tensor5D, 2, 1, 1);
  });
});
