import { assertEquals } from "@std/assert";
import { tf } from "@/tensorflow/mod.ts";
import { assertGradient } from "./_gradient.ts";

Deno.test("the gradient of depth to space puts each number back", () => {
  tf.tidy(() => {
    const x = tf.range(0, 48).reshape([1, 2, 3, 8]) as tf.Tensor4D;
    const move = (x: tf.Tensor) => tf.depthToSpace(x as tf.Tensor4D, 2);
    const back = tf.grad(move)(x, move(x));
    assertEquals(back.shape, x.shape);
    assertEquals(back.dataSync(), x.dataSync());
  });
});

Deno.test("the gradient of depth to space agrees with differences", () => {
  assertGradient(
    [1, 2, 1, 4],
    (x) => tf.depthToSpace(x as tf.Tensor4D, 2).square(),
    0.1,
  );
});
