import { doubleSize, superResolutionNetwork } from "@/models/enlarging/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import { Adam } from "@/training/mod.ts";
import {
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { smoothImages } from "../_images.ts";

const shape = {
  width: 4,
  blocks: 2,
  interpolation: "lanczos3",
  seed: 1,
} as const;

Deno.test("super-resolution starts exactly at the interpolation", () => {
  for (const interpolation of ["bicubic", "lanczos3"] as const) {
    const network = superResolutionNetwork({ ...shape, interpolation });
    tf.tidy(() => {
      const images = smoothImages(2, 6);
      const large = network.enlarge(images);
      assertEquals(large.shape, [2, 12, 12, 3]);
      assertEquals(
        large.dataSync(),
        doubleSize(images, interpolation).dataSync(),
      );
    });
    network.dispose();
  }
});

Deno.test("super-resolution takes images of any size", () => {
  const network = superResolutionNetwork(shape);
  tf.tidy(() => {
    for (const [height, width] of [[3, 3], [5, 8], [1, 2]] as const) {
      const large = network.enlarge(tf.zeros([1, height, width, 3]));
      assertEquals(large.shape, [1, 2 * height, 2 * width, 3]);
    }
  });
  network.dispose();
});

Deno.test("super-resolution counts and names its weights", () => {
  const before = tf.memory().numTensors;
  const network = superResolutionNetwork({ ...shape, hintChannels: 5 });
  const layer = (from: number, to: number) => 9 * from * to + to;
  assertEquals(
    network.parameters,
    layer(3 + 5, 4) + 4 * layer(4, 4) + layer(4, 12),
  );
  let sizes = 0;
  for (const weight of network.weights().values()) sizes += weight.size;
  assertEquals(sizes, network.parameters);
  assertEquals([...network.weights().keys()].filter((_, i) => i % 2 === 0), [
    "enlarge_image/kernel",
    "enlarge_0_a/kernel",
    "enlarge_0_b/kernel",
    "enlarge_1_a/kernel",
    "enlarge_1_b/kernel",
    "enlarge_quarters/kernel",
  ]);
  network.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("super-resolution learns what interpolation cannot know, and hints help", () => {
  const lossOf = (hintChannels: number) => {
    const network = superResolutionNetwork({ ...shape, hintChannels });
    const adam = new Adam(network.weights());
    const large = smoothImages(2, 12);
    // Every second pixel: only a hint can bring back what is lost.
    const small = tf.tidy(() =>
      large.stridedSlice([0, 0, 0, 0], [2, 12, 12, 3], [1, 2, 2, 1])
    ) as tf.Tensor4D;
    const hints = hintChannels === 0 ? [] : [
      tf.tidy(() =>
        large.stridedSlice([0, 1, 1, 0], [2, 12, 12, 3], [1, 2, 2, 1])
      ) as tf.Tensor4D,
    ];
    const step = compile((rate: tf.Scalar) =>
      adam.minimize(rate, () => ({
        loss: network.enlarge(small, ...hints).sub(large).square()
          .mean() as tf.Scalar,
      })).loss
    );
    const rate = tf.scalar(3e-3);
    const losses: number[] = [];
    let before = 0;
    for (let i = 0; i < 60; i++) {
      const loss = step(rate);
      losses.push(loss.dataSync()[0]!);
      loss.dispose();
      if (i === 0) before = tf.memory().numTensors;
    }
    assertEquals(tf.memory().numTensors, before);
    tf.dispose([large, small, rate, ...hints]);
    step.dispose();
    adam.dispose();
    network.dispose();
    return { first: losses[0]!, last: losses.at(-1)! };
  };
  const before = tf.memory().numTensors;
  const [alone, hinted] = [lossOf(0), lossOf(3)];
  assertEquals(tf.memory().numTensors, before);
  assertEquals(alone.first, hinted.first);
  assertGreater(alone.first, 1e-5);
  assertLess(alone.last, 0.7 * alone.first);
  assertLess(hinted.last, alone.last);
});

Deno.test("hints that the network does not take are named in the error", () => {
  const network = superResolutionNetwork(shape);
  const before = tf.memory().numTensors;
  const images = tf.zeros([1, 4, 4, 3]) as tf.Tensor4D;
  assertThrows(
    () => network.enlarge(images, images),
    RangeError,
    "hints must be of 0 channels, got 3.",
  );
  images.dispose();
  assertEquals(tf.memory().numTensors, before);
  network.dispose();
});
