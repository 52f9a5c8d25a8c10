import {
  originals,
  reconstruct,
  tensors,
  toPixels,
  toTensor,
} from "@/training/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals } from "@std/assert";
import { drawPairs } from "../experiment/_photos.ts";

const pairs = drawPairs(27, 16);

Deno.test("toPixels rounds to the nearest level and clips what lies outside", () => {
  tf.tidy(() => {
    const level = (value: number) => value / 255;
    const images = tf.tensor4d(
      [-3, level(0.4), level(0.6), level(127.4), level(127.6), 1.5],
      [2, 1, 1, 3],
    );
    const photos = toPixels(images);
    assertEquals(photos.map(({ data }) => [...data]), [[0, 0, 1], [
      127,
      128,
      255,
    ]]);
    assertEquals([photos[0]!.width, photos[0]!.height], [1, 1]);
  });
});

Deno.test("toPixels keeps rows and columns apart", () => {
  tf.tidy(() => {
    const images = tf.range(0, 18).div(255).reshape([1, 2, 3, 3]);
    const [photo] = toPixels(images as tf.Tensor4D);
    assertEquals([photo!.width, photo!.height], [3, 2]);
    assertEquals([...photo!.data], Array.from({ length: 18 }, (_, i) => i));
  });
});

Deno.test("what goes through unchanged comes back unchanged, in order", () => {
  const before = tf.memory().numTensors;
  for (const size of ["high", "medium"] as const) {
    const photos = reconstruct(pairs, size, (images) => {
      const doubled = images.mul(2); // no one else disposes it
      return doubled.div(2) as tf.Tensor4D;
    });
    assertEquals(photos, originals(pairs, size));
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("tensors gives all images in batches, or every nth", () => {
  const large = drawPairs(27, 172);
  const sizes = (every: number, from = large) =>
    tf.tidy(() =>
      Array.from(tensors(from, "medium", every), ({ shape }) => shape[0])
    );
  assertEquals(sizes(1), [12, 12, 3]);
  assertEquals(sizes(2), [12, 2]);
  assertEquals(sizes(30), [1]);
  // Of small images, as many as fill the memory as far.
  assertEquals(sizes(1, pairs), [27]);
  assertEquals(sizes(1, drawPairs(27, 120)), [24, 3]);
  tf.tidy(() => {
    const [fourth] = [...tensors(pairs, "medium", 4)];
    const same = toTensor(pairs, "medium", [0, 4, 8, 12, 16, 20, 24]);
    assertEquals(fourth!.shape, same.shape);
    assertEquals(fourth!.sub(same).abs().max().dataSync()[0], 0);
  });
});
