import { denseAutoencoder, denseSize } from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { Adam } from "@/training/mod.ts";
import {
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
} from "@std/assert";
import { maxDifference, smoothImages } from "./_images.ts";

const small = { size: 4, hidden: [9, 7], units: 5, seed: 1 };

Deno.test("a fully connected autoencoder has a code of one position", () => {
  for (const hidden of [[], [6], [6, 4]]) {
    const model = denseAutoencoder({ size: 8, hidden, units: 3, seed: 1 });
    assertEquals(model.imageShape, [8, 8, 3]);
    assertEquals(model.latentShape, [1, 1, 3]);
    tf.tidy(() => {
      const codes = model.encode(smoothImages(2, 8));
      assertEquals(codes.shape, [2, 1, 1, 3]);
      assertEquals(model.decode(codes).shape, [2, 8, 8, 3]);
    });
    model.dispose();
  }
});

Deno.test("its size is counted without making it", () => {
  const shapes = [
    { size: 4, hidden: [], units: 3 },
    { size: 4, hidden: [6], units: 3 },
    { size: 8, hidden: [6, 4], units: 3 },
  ];
  for (const shape of shapes) {
    const model = denseAutoencoder({ ...shape, seed: 1 });
    const { parameters, trainingBytes } = denseSize(shape);
    assertEquals(model.parameters, parameters);
    let bytes = 0;
    const adam = new Adam(model.weights());
    for (const { size } of model.weights().values()) bytes += 2 * 4 * size;
    for (const [name, { size }] of adam.state()) {
      if (!name.endsWith("_power")) bytes += 4 * size;
    }
    assertEquals(trainingBytes, bytes);
    adam.dispose();
    model.dispose();
  }
});

Deno.test("at the write-up's size it has billions of weights", () => {
  const medium = denseSize({ size: 172, hidden: [], units: 43 * 43 * 8 });
  // 88,752 numbers to 14,792 and back, with a bias each.
  assertEquals(medium.parameters, 2 * 88_752 * 14_792 + 14_792 + 88_752);
  assertEquals(medium.trainingBytes, 16 * 2_625_742_712);
  assertEquals(
    denseSize({ size: 344, hidden: [4096], units: 14_792 }).parameters,
    2 * (355_008 * 4096 + 4096 * 14_792) + 2 * 4096 + 14_792 + 355_008,
  );
});

Deno.test("each number of the code sees the whole image", () => {
  const model = denseAutoencoder(small);
  tf.tidy(() => {
    const image = smoothImages(1, 4);
    const codes = model.encode(image);
    for (const pixel of [0, 15]) {
      const dot = tf.oneHot(tf.tensor1d([pixel], "int32"), 16)
        .reshape([1, 4, 4, 1]);
      const changed = model.encode(image.add(dot) as tf.Tensor4D);
      const least = changed.sub(codes).abs().min().dataSync()[0]!;
      assertGreater(least, 1e-6);
    }
  });
  model.dispose();
});

Deno.test("the seed alone decides the first weights of each layer", () => {
  const encode = (seed: number) => {
    const model = denseAutoencoder({ ...small, seed });
    const images = smoothImages(2, 4);
    const values = Array.from(
      tf.tidy(() => model.decode(model.encode(images)).dataSync()),
    );
    const names = [...model.weights().keys()];
    images.dispose();
    model.dispose();
    return { values, names };
  };
  const first = encode(7);
  assertEquals(encode(7), first);
  assertNotEquals(encode(8).values, first.values);
  const layers = [
    "analysis_0",
    "analysis_1",
    "analysis_code",
    "synthesis_0",
    "synthesis_1",
    "synthesis_image",
  ];
  assertEquals(
    first.names,
    layers.flatMap((name) => [`${name}/kernel`, `${name}/bias`]),
  );
});

Deno.test("a fully connected autoencoder learns, and leaves no tensors", () => {
  const before = tf.memory().numTensors;
  const model = denseAutoencoder(small);
  const images = smoothImages(4, 4);
  const adam = new Adam(model.weights());
  const kept = tf.memory().numTensors;
  const losses = Array.from({ length: 30 }, () =>
    tf.tidy(() => {
      const { loss } = adam.minimize(tf.scalar(0.01), () => ({
        loss: model.decode(model.encode(images)).sub(images).square()
          .mean() as tf.Scalar,
      }));
      return loss.dataSync()[0]!;
    }));
  assertLess(losses.at(-1)!, losses[0]! / 4);
  assertEquals(tf.memory().numTensors, kept);
  tf.tidy(() => {
    const out = model.decode(model.encode(images));
    assertLess(maxDifference(out, images), 1);
  });
  adam.dispose();
  images.dispose();
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});
