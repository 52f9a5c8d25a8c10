import { convAutoencoder, denseMiddle } from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals, assertGreater } from "@std/assert";
import { maxDifference, smoothImages } from "./_images.ts";

const settings = { size: 8, widths: [4], latentChannels: 2, seed: 1 };

Deno.test("a fully connected middle keeps the code's shape", () => {
  const model = denseMiddle(convAutoencoder(settings), { units: 3, seed: 1 });
  assertEquals(model.latentShape, [4, 4, 2]);
  tf.tidy(() => {
    const codes = model.encode(smoothImages(2, 8));
    assertEquals(codes.shape, [2, 4, 4, 2]);
    assertEquals(model.decode(codes).shape, [2, 8, 8, 3]);
  });
  model.dispose();
});

Deno.test("a fully connected middle lets each number see the whole image", () => {
  const plain = convAutoencoder(settings);
  const image = smoothImages(1, 8);
  const changed = tf.tidy(() =>
    image.add(tf.oneHot(tf.tensor1d([0], "int32"), 64).reshape([1, 8, 8, 1]))
  ) as tf.Tensor4D;
  const lastDiffers = () =>
    tf.tidy(() => {
      const [a, b] = [image, changed].map((x) =>
        model.encode(x).slice([0, 3, 3, 0], [1, 1, 1, 2])
      );
      return maxDifference(a!, b!);
    });
  let model = plain;
  assertEquals(lastDiffers(), 0);
  model = denseMiddle(plain, { units: 3, seed: 1 });
  assertGreater(lastDiffers(), 1e-6);
  model.dispose();
  tf.dispose([image, changed]);
});

Deno.test("in full size a fully connected middle has 2 N K weights", () => {
  const plain = convAutoencoder({
    size: 172,
    widths: [2, 2],
    latentChannels: 8,
    seed: 1,
  });
  const { parameters } = plain;
  const model = denseMiddle(plain, { units: 64, seed: 1 });
  const flat = 43 * 43 * 8;
  assertEquals(flat, 14_792);
  const added = 2 * flat * 64 + 64 + flat;
  assertEquals(model.parameters - parameters, added);
  let sizes = 0;
  for (const weight of model.weights().values()) sizes += weight.size;
  assertEquals(sizes, model.parameters);
  model.dispose();
});

Deno.test("a fully connected middle keeps and leaves no tensors", () => {
  const before = tf.memory().numTensors;
  const model = denseMiddle(convAutoencoder(settings), { units: 3, seed: 1 });
  const kept = tf.memory().numTensors;
  assertEquals(kept - before, model.weights().size);
  const images = smoothImages(2, 8);
  const codes = model.encode(images);
  tf.dispose([images, codes]);
  assertEquals(tf.memory().numTensors, kept);
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});
