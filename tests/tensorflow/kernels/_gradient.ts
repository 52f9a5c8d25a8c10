import { assertAlmostEquals } from "@std/assert";
import { tf } from "@/tensorflow/mod.ts";

/**
 * Asserts that a gradient equals differences of a function's values.
 *
 * @param fn Of a tensor of `shape`, smooth near the values it is tried at.
 * @param spread How far apart the tensor's elements are; 0.37 by default.
 */
export function assertGradient(
  shape: readonly number[],
  fn: (x: tf.Tensor) => tf.Tensor,
  spread = 0.37,
): void {
  tf.tidy(() => {
    const size = shape.reduce((product, length) => product * length, 1);
    // Each value once, in an order that is not its own.
    const values = Array.from(
      { length: size },
      (_, i) => spread * ((i * 7 + 3) % size - size / 2),
    );
    const weights = tf.randomUniform(
      fn(tf.tensor(values, [...shape])).shape,
      0.5,
      1.5,
      "float32",
      3,
    );
    const loss = (x: tf.Tensor) => tf.sum(tf.mul(fn(x), weights)).asScalar();
    const gradient = tf.grad(loss)(tf.tensor(values, [...shape])).dataSync();
    values.forEach((value, i) => {
      const at = (shift: number) =>
        loss(tf.tensor(values.with(i, value + shift), [...shape]))
          .dataSync()[0]!;
      const difference = (at(0.05) - at(-0.05)) / 0.1;
      assertAlmostEquals(gradient[i]!, difference, 5e-3);
    });
  });
}
