import { assertLess } from "@std/assert";
import { tf } from "@/tensorflow/mod.ts";

/** The same convolution as the middle of a 3x3 one, which takes no detour. */
function direct(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const wide = tf.pad(filter, [[1, 1], [1, 1], [0, 0], [0, 0]]);
  return tf.conv2d(x, wide, 1, "same");
}

function pointwise(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  return tf.conv2d(x, filter, 1, "same");
}

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return a.sub(b).abs().max().div(b.abs().max()).dataSync()[0]!;
}

for (const [inputs, outputs] of [[1, 1], [5, 3], [56, 192]] as const) {
  Deno.test(`gradients of a 1x1 convolution of ${inputs} to ${outputs} channels are those of a wider one`, () => {
    tf.tidy(() => {
      const normal = (shape: tf.Tensor4D["shape"], seed: number) =>
        tf.randomNormal(shape, 0, 1, "float32", seed) as tf.Tensor4D;
      const x = normal([2, 6, 7, inputs], 1);
      const filter = normal([1, 1, inputs, outputs], 2);
      const dy = normal([2, 6, 7, outputs], 3);
      const gradients = (convolve: typeof direct) =>
        tf.grads((x, filter) =>
          convolve(x as tf.Tensor4D, filter as tf.Tensor4D)
        )([x, filter], dy);
      const [found, wanted] = [gradients(pointwise), gradients(direct)];
      found.forEach((gradient, i) =>
        assertLess(largestDifference(gradient, wanted[i]!), 1e-5)
      );
    });
  });
}

Deno.test("a fused 1x1 convolution has the gradients of its parts", () => {
  tf.tidy(() => {
    const x = tf.randomNormal([1, 4, 4, 6], 0, 1, "float32", 1) as tf.Tensor4D;
    const filter = tf.randomNormal([1, 1, 6, 5], 0, 1, "float32", 2);
    const bias = tf.tensor1d([0.3, -0.2, 0.5, 0, -1]);
    const fused = tf.grads((x, filter, bias) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        bias: bias!,
        strides: 1,
        pad: "same",
        activation: "relu",
      })
    );
    const parts = tf.grads((x, filter, bias) =>
      tf.relu(tf.add(direct(x as tf.Tensor4D, filter as tf.Tensor4D), bias!))
    );
    const dy = tf.randomNormal([1, 4, 4, 5], 0, 1, "float32", 3);
    const wanted = parts([x, filter, bias], dy);
    fused([x, filter, bias], dy).forEach((gradient, i) =>
      assertLess(largestDifference(gradient, wanted[i]!), 1e-5)
    );
  });
});
