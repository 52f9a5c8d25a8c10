import {
  CrossMoments,
  fromPatches,
  imageDecoder,
  neighbourhoods,
  toPatches,
} from "@/models/mod.ts";
import { applyLinearMap, linearMap } from "@/models/linear_map.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertThrows,
} from "@std/assert";
import { maxDifference, smoothImages } from "./_images.ts";

const shape = { patch: 2, width: 4, blocks: 1, latentChannels: 3, seed: 1 };

Deno.test("an image decoder starts exactly as the linear map", () => {
  using map = linearMap(
    tf.randomNormal([27, 12], 0, 1, "float32", 3) as tf.Tensor2D,
    tf.range(0, 12),
  );
  const decoder = imageDecoder({ side: 4, ...shape }, map);
  tf.tidy(() => {
    const codes = smoothImages(2, 4);
    const images = decoder.decode(codes);
    assertEquals(images.shape, [2, 8, 8, 3]);
    const mapped = fromPatches(applyLinearMap(map, neighbourhoods(codes)), 2);
    assertLess(maxDifference(images, mapped), 1e-4);
  });
  decoder.dispose();
});

Deno.test("an image decoder counts and names its weights", () => {
  const before = tf.memory().numTensors;
  const map = linearMap(tf.zeros([27, 12]), tf.zeros([12]));
  const decoder = imageDecoder({ side: 4, ...shape }, map);
  assertEquals(decoder.imageShape, [8, 8, 3]);
  const block = 2 * (9 * 4 * 4 + 4);
  const linear = 27 * 12 + 12;
  assertEquals(
    decoder.parameters,
    (27 * 4 + 4) + block + 4 * 12 + linear,
  );
  let sizes = 0;
  for (const weight of decoder.weights().values()) sizes += weight.size;
  assertEquals(sizes, decoder.parameters);
  assertEquals([...decoder.weights().keys()], [
    "image_code/kernel",
    "image_code/bias",
    "image_0_a/kernel",
    "image_0_a/bias",
    "image_0_b/kernel",
    "image_0_b/bias",
    "image_correction/kernel",
    "image_linear/kernel",
    "image_linear/bias",
  ]);
  map[Symbol.dispose]();
  decoder.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a map that does not fit an image decoder is named in the error", () => {
  const map = linearMap(tf.zeros([3, 12]), tf.zeros([12]));
  const before = tf.memory().numTensors;
  assertThrows(
    () => imageDecoder({ side: 4, ...shape }, map),
    RangeError,
    "A decoder of 3 channels to 2x2 patches cannot start from a map of " +
      "[3, 12]: it takes [27, 12].",
  );
  assertEquals(tf.memory().numTensors, before);
  map[Symbol.dispose]();
});

Deno.test("neighbourhoods are what a 3x3 convolution sees", () => {
  tf.tidy(() => {
    const codes = smoothImages(2, 5);
    const kernel = tf.randomNormal([3, 3, 3, 7], 0, 1, "float32", 5);
    const convolved = tf.conv2d(codes, kernel as tf.Tensor4D, 1, "same");
    const map = linearMap(kernel.reshape([27, 7]), tf.zeros([7]));
    const mapped = applyLinearMap(map, neighbourhoods(codes));
    assertLess(maxDifference(convolved, mapped), 1e-5);
  });
});

Deno.test("the least squares map finds an image that depends on neighbours", () => {
  // The image is a position's right neighbour, which no 1x1 map can see.
  const codes = smoothImages(3, 6);
  const target = tf.tidy(() =>
    fromPatches(
      applyLinearMap(
        linearMap(
          tf.tidy(() => {
            const from = tf.buffer([27, 12]);
            for (let i = 0; i < 12; i++) from.set(1, 5 * 3 + i % 3, i);
            return from.toTensor() as tf.Tensor2D;
          }),
          tf.fill([12], 0.25),
        ),
        neighbourhoods(codes),
      ),
      2,
    )
  );
  const moments = new CrossMoments(27, 12);
  tf.tidy(() => moments.add(neighbourhoods(codes), toPatches(target, 2)));
  using map = moments.map(1e-9);
  assertAlmostEquals(moments.explained(map), 1, 1e-3);
  const decoder = imageDecoder({ side: 6, ...shape }, map);
  tf.tidy(() => assertLess(maxDifference(decoder.decode(codes), target), 0.02));
  decoder.dispose();
  tf.dispose([codes, target]);
});
