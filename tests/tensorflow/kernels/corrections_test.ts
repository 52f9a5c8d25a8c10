import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { compile, handleCount, tf } from "@/tensorflow/mod.ts";
import { assertGradient } from "./_gradient.ts";

/** Values of what a function makes, and that it leaves nothing behind. */
function values(fn: () => tf.Tensor): number[] {
  const handles = handleCount();
  const result = tf.tidy(() => Array.from(fn().dataSync()));
  assertEquals(handleCount(), handles);
  return result;
}

Deno.test("integers are rounded, stepped and rectified", () => {
  const x = [-12_345_678, 0, 5];
  const tensor = () => tf.tensor1d(x, "int32");
  assertEquals(values(() => tf.round(tensor())), x);
  assertEquals(values(() => tf.step(tensor(), 2)), [2, 2, 1]);
  const rectified = values(() => tf.leakyRelu(tf.tensor1d([-5, 4], "int32")));
  assertEquals(rectified.map((value) => Math.round(value)), [-1, 4]);
});

Deno.test("the sign of NaN is 0", () => {
  assertEquals(values(() => tf.sign(tf.tensor1d([-2, NaN, 3]))), [-1, 0, 1]);
});

Deno.test("scalars are joined", () => {
  const join = (...numbers: number[]) =>
    tf.concat(
      numbers.map((value) => tf.scalar(value)) as unknown[] as tf.Tensor1D[],
    );
  assertEquals(values(() => join(1, 2)), [1, 2]);
});

Deno.test("a list of indices is scattered", () => {
  assertEquals(
    values(() => tf.scatterND(tf.tensor1d([4, 0], "int32"), [9, 8], [5])),
    [8, 0, 0, 0, 9],
  );
});

Deno.test("an axis that no input has is an error", () => {
  tf.tidy(() => {
    const x = tf.ones([2, 2]);
    assertThrows(
      () => tf.einsum("ij->ik", x),
      RangeError,
      "the label k not present",
    );
    assertEquals(tf.einsum("...i->...", x).shape, [2]);
  });
});

Deno.test("a convolution of channels first equals one of channels last", () => {
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 5, 6, 3], 0, 1, "float32", 1);
    const filter = tf.randomNormal<tf.Rank.R4>(
      [3, 3, 3, 4],
      0,
      1,
      "float32",
      2,
    );
    const bias = tf.tensor1d([1, -1, 2, 0]);
    const settings = {
      filter,
      bias,
      strides: 1,
      pad: "same",
      activation: "relu",
    } as const;
    const last = tf.fused.conv2d({ x, ...settings });
    const first = tf.fused.conv2d({
      x: tf.transpose(x, [0, 3, 1, 2]),
      dataFormat: "NCHW",
      ...settings,
    });
    const difference = tf.sub(tf.transpose(first, [0, 2, 3, 1]), last);
    assertAlmostEquals(tf.max(tf.abs(difference)).dataSync()[0]!, 0, 1e-4);
  });
});

Deno.test("gradients of resizing equal differences, half pixels or not", () => {
  for (const halfPixels of [false, true]) {
    assertGradient(
      [1, 3, 4, 1],
      (x) =>
        tf.image.resizeBilinear(x as tf.Tensor4D, [5, 2], false, halfPixels),
    );
    assertGradient([1, 3, 4, 1], (x) =>
      tf.image.resizeNearestNeighbor(
        x as tf.Tensor4D,
        [5, 7],
        false,
        halfPixels,
      ));
  }
});

Deno.test("gradients of a convolution padded side by side equal differences", () => {
  const pads: tf.backend_util.ExplicitPadding = [[0, 0], [2, 0], [1, 0], [
    0,
    0,
  ]];
  const filter = tf.randomNormal<tf.Rank.R4>([2, 2, 1, 2], 0, 1, "float32", 4);
  const image = tf.randomNormal<tf.Rank.R4>([1, 4, 4, 1], 0, 1, "float32", 5);
  assertGradient(
    [1, 4, 4, 1],
    (x) => tf.conv2d(x as tf.Tensor4D, filter, 1, pads),
  );
  assertGradient(
    [2, 2, 1, 2],
    (x) => tf.conv2d(image, x as tf.Tensor4D, 1, pads),
  );
  tf.dispose([filter, image]);
});

Deno.test("a cast to the type that a tensor has changes nothing, not even in bfloat16", () => {
  const casts = (between: (x: tf.Tensor) => tf.Tensor): number => {
    using step = compile(
      (x: tf.Tensor, w: tf.Tensor2D) =>
        between(x.matMul(w)).relu().matMul(w).sum(),
      { precision: "bfloat16" },
    );
    return tf.tidy(() => {
      const x = tf.ones([64, 64]), w = tf.ones([64, 64]) as tf.Tensor2D;
      const { ops } = step.profile([x, w]);
      return ops.filter(({ op }) => op === "Cast").length;
    });
  };
  assertEquals(casts((x) => x.toFloat()), casts((x) => x));
  assertEquals(values(() => tf.tensor1d([1.5, -2]).toFloat()), [1.5, -2]);
  const slope = tf.tidy(() =>
    tf.grad((x) => x.toFloat().square())(tf.tensor1d([1.5, -2])).arraySync()
  );
  assertEquals(slope, [3, -4]);
});
