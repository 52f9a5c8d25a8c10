import { assert, assertEquals } from "@std/assert";
import { compile, handleCount, tf } from "@/tensorflow/mod.ts";

type Activation = NonNullable<
  Parameters<typeof tf.fused.conv2d>[0]["activation"]
>;

/** An image, and filters that are work enough to be convolved as a volume. */
function inputs(): [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D] {
  const normal = (shape: number[], seed: number) =>
    tf.randomNormal(shape, 0, 1, "float32", seed);
  return [
    normal([1, 64, 60, 48], 1) as tf.Tensor4D,
    normal([3, 5, 48, 100], 2) as tf.Tensor4D,
    normal([100], 3) as tf.Tensor1D,
  ];
}

/** What is far apart in one result and in the first of two. */
function difference(convolve: (x: tf.Tensor4D) => tf.Tensor, x: tf.Tensor4D) {
  return tf.tidy(() => {
    const one = convolve(x);
    const two = convolve(x.concat(x) as tf.Tensor4D);
    assertEquals(one.shape, [1, ...two.shape.slice(1)]);
    return two.sub(one).abs().max().dataSync()[0]!;
  });
}

for (const strides of [1, [2, 1] as [number, number]]) {
  for (const pad of ["same", "valid"] as const) {
    Deno.test(`one image is convolved as two are, strides ${strides}, ${pad}`, () => {
      tf.tidy(() => {
        const [x, filter, bias] = inputs();
        const plain = (x: tf.Tensor4D) => tf.conv2d(x, filter, strides, pad);
        const fused = (activation: Activation) => (x: tf.Tensor4D) =>
          tf.fused.conv2d({ x, filter, bias, strides, pad, activation });
        for (const convolve of [plain, fused("relu"), fused("elu")]) {
          assert(difference(convolve, x) < 1e-3);
          const compiled = compile((x: tf.Tensor4D) => convolve(x));
          assert(difference((x) => compiled(x) as tf.Tensor, x) < 1e-3);
          compiled.dispose();
        }
      });
    });
  }
}

Deno.test("a convolution of one image has the gradients of two", () => {
  tf.tidy(() => {
    const [x, filter] = inputs();
    const gradients = tf.grads((x, filter) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, "same").square()
        .mean()
    );
    const [dx, df] = gradients([x, filter]);
    const [dx2, df2] = gradients([x.concat(x), filter]);
    const off = (a: tf.Tensor, b: tf.Tensor) =>
      a.sub(b).abs().max().div(b.abs().max()).dataSync()[0]!;
    assert(off(dx2!.slice([0, 0, 0, 0], [1]).mul(2), dx!) < 1e-4);
    assert(off(df2!, df!) < 1e-4);
  });
});

Deno.test("a convolution of one image is exact for whole numbers", () => {
  tf.tidy(() => {
    // 9 * 128 products of up to 127 * 64 stay below 2^24.
    const whole = (shape: number[], most: number, seed: number) =>
      tf.randomUniform(shape, -most, most + 1, "float32", seed).floor();
    const x = whole([1, 32, 32, 128], 127, 1) as tf.Tensor4D;
    const filter = whole([3, 3, 128, 64], 64, 2) as tf.Tensor4D;
    const convolve = (x: tf.Tensor4D) => tf.conv2d(x, filter, 1, "same");
    assertEquals(difference(convolve, x), 0);
  });
});

Deno.test("convolutions of one image leave no tensors", () => {
  const [x, filter, bias] = inputs();
  const run = () => {
    tf.fused.conv2d({ x, filter, bias, strides: 1, pad: "same" }).dispose();
    tf.conv2d(x, filter, 1, "same").dispose();
  };
  run(); // values come to TensorFlow with their first use
  const before = [handleCount(), tf.memory().numTensors];
  run();
  assertEquals([handleCount(), tf.memory().numTensors], before);
  tf.dispose([x, filter, bias]);
});
