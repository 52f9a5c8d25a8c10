import { enlargedLoss } from "@/sections/super_resolution/train.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";

function value(scalar: tf.Tensor | undefined): number {
  return scalar!.dataSync()[0]!;
}

Deno.test("the loss of large images is what a hand computes", () => {
  tf.tidy(() => {
    //  image  0.5 0.1    original  0.2 0.6
    //         0.4 0.4              0.3 0.4
    const image = tf.tensor4d([0.5, 0.1, 0.4, 0.4], [1, 2, 2, 1]);
    const original = tf.tensor4d([0.2, 0.6, 0.3, 0.4], [1, 2, 2, 1]);
    const squared = (0.3 ** 2 + 0.5 ** 2 + 0.1 ** 2 + 0) / 4;
    // Along: 0.4 and 0 against 0.4 and 0.1; down: 0.1 and 0.3 against 0.1, 0.2.
    const along = (0 + 0.1 ** 2) / 2, down = (0 + 0.1 ** 2) / 2;
    const detail = (along + down) / 2;
    const parts = enlargedLoss(image, original, 3);
    assertAlmostEquals(value(parts.squared), squared, 1e-6);
    assertAlmostEquals(value(parts.detail), detail, 1e-6);
    assertAlmostEquals(value(parts.loss), squared + 3 * detail, 1e-6);

    const plain = enlargedLoss(image, original, 0);
    assertEquals(Object.keys(plain), ["loss"]);
    assertAlmostEquals(value(plain.loss), squared, 1e-6);
  });
});

Deno.test("the term against softness does not ask where a difference points", () => {
  const before = tf.memory().numTensors;
  const original = tf.randomUniform(
    [2, 5, 6, 3],
    0,
    1,
    "float32",
    1,
  ) as tf.Tensor4D;
  const negative = tf.tidy(() => tf.sub(1, original)) as tf.Tensor4D;
  const parts = enlargedLoss(negative, original, 1);
  assertAlmostEquals(value(parts.detail), 0, 1e-6);
  const flat = tf.zerosLike(original);
  const soft = enlargedLoss(flat, original, 1);
  // Squares of differences of uniform numbers are a sixth in a mean.
  assertAlmostEquals(value(soft.detail), 1 / 6, 0.05);
  tf.dispose([original, negative, flat, { ...parts }, { ...soft }]);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("the gradient of the term against softness is that of its values", () => {
  tf.tidy(() => {
    const shape = [1, 3, 4, 1] as const;
    const random = (seed: number) =>
      tf.randomUniform([...shape], 0, 1, "float32", seed) as tf.Tensor4D;
    const [image, original] = [random(1), random(2)];
    const detail = (x: tf.Tensor4D) => enlargedLoss(x, original, 1).detail!;
    const gradient = tf.grad((x: tf.Tensor) => detail(x as tf.Tensor4D))(image)
      .dataSync();
    const values = image.dataSync();
    gradient.forEach((slope, i) => {
      const at = (step: number) => {
        const moved = values.slice();
        moved[i]! += step;
        return value(detail(tf.tensor4d(moved, [...shape])));
      };
      assertAlmostEquals(slope, (at(1e-2) - at(-1e-2)) / 2e-2, 1e-3);
    });
    assertGreater(Math.max(...gradient.map(Math.abs)), 0.05);
  });
});
