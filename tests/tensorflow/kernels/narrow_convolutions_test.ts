import { assert, assertEquals } from "@std/assert";
import { tf } from "@/tensorflow/mod.ts";

/** The same convolution with channels beyond four, which takes no detour. */
function direct(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
): tf.Tensor4D {
  const more = tf.pad(filter, [[0, 0], [0, 0], [0, 0], [0, 5]]);
  const y = tf.conv2d(x, more, 1, "same");
  return tf.slice(y, [0, 0, 0, 0], [-1, -1, -1, filter.shape[3]]);
}

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  assertEquals(a.shape, b.shape);
  return a.sub(b).abs().max().div(b.abs().max()).dataSync()[0]!;
}

for (const [size, side, outputs] of [[3, 12, 3], [5, 8, 1], [3, 6, 4]]) {
  Deno.test(`a ${size}x${size} convolution of ${side}x${side} to ${outputs} channels is the same by fours`, () => {
    tf.tidy(() => {
      const x = tf.randomNormal([2, side!, side! + 2, 16], 0, 1, "float32", 1);
      const shape = [size!, size!, 16, outputs!] as [
        number,
        number,
        number,
        number,
      ];
      const filter = tf.randomNormal(shape, 0, 1, "float32", 2);
      const dy = tf.randomNormal(
        [2, side!, side! + 2, outputs!],
        0,
        1,
        "float32",
        3,
      );
      const narrow = (x: tf.Tensor, filter: tf.Tensor) =>
        tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same");
      const expected = (x: tf.Tensor, filter: tf.Tensor) =>
        direct(x as tf.Tensor4D, filter as tf.Tensor4D);
      assert(
        largestDifference(narrow(x, filter), expected(x, filter)) < 1e-5,
      );
      const actual = tf.grads(narrow)([x, filter], dy);
      const wanted = tf.grads(expected)([x, filter], dy);
      assert(largestDifference(actual[0]!, wanted[0]!) < 1e-5);
      assert(largestDifference(actual[1]!, wanted[1]!) < 1e-5);
    });
  });
}

Deno.test("a fused narrow convolution applies bias and activation", () => {
  tf.tidy(() => {
    const x = tf.randomNormal([1, 8, 8, 16], 0, 1, "float32", 1);
    const filter = tf.randomNormal([3, 3, 16, 3], 0, 1, "float32", 2);
    const bias = tf.tensor1d([1, -2, 0.5]);
    const fused = tf.fused.conv2d({
      x: x as tf.Tensor4D,
      filter: filter as tf.Tensor4D,
      strides: 1,
      pad: "same",
      bias,
      activation: "relu",
    });
    const expected = tf.relu(
      direct(x as tf.Tensor4D, filter as tf.Tensor4D).add(bias),
    );
    assert(largestDifference(fused, expected) < 1e-5);
  });
});

Deno.test("odd sides take the plain way", () => {
  tf.tidy(() => {
    const x = tf.randomNormal([1, 7, 9, 16], 0, 1, "float32", 1);
    const filter = tf.randomNormal([3, 3, 16, 3], 0, 1, "float32", 2);
    const y = tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same");
    const expected = direct(x as tf.Tensor4D, filter as tf.Tensor4D);
    assert(largestDifference(y, expected) < 1e-5);
  });
});
