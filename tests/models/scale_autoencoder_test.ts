import { convAutoencoder, scaleAutoencoder } from "@/models/mod.ts";
import type { Autoencoder } from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { maxDifference, smoothImages } from "./_images.ts";

/** Its code is its image as its network would see it. */
const mirror: Autoencoder = {
  imageShape: [1, 1, 3],
  latentShape: [1, 1, 3],
  parameters: 0,
  encode: (images) => tf.tidy(() => images.sub(0.5) as tf.Tensor4D),
  decode: (codes) => tf.tidy(() => codes.add(0.5) as tf.Tensor4D),
  weights: () => new Map(),
  dispose: () => {},
  [Symbol.dispose]: () => {},
};

Deno.test("a network sees standardised images and nothing else", () => {
  tf.tidy(() => {
    const model = scaleAutoencoder(mirror, {
      shift: [0.5, 0.25, 0],
      scale: [0.5, 0.25, 1],
    });
    const image = tf.tensor4d([1, 0, 0.75], [1, 1, 1, 3]);
    const code = model.encode(image);
    const expected = tf.tensor4d([1, -1, 0.75], [1, 1, 1, 3]);
    assertLess(maxDifference(code, expected), 1e-6);
    assertLess(maxDifference(model.decode(code), image), 1e-6);
  });
});

Deno.test("a shift of 0.5 and a scale of 1 change nothing", () => {
  const plain = convAutoencoder({
    size: 8,
    widths: [4],
    latentChannels: 2,
    seed: 1,
  });
  const scaled = scaleAutoencoder(plain, {
    shift: [0.5, 0.5, 0.5],
    scale: [1, 1, 1],
  });
  tf.tidy(() => {
    const images = smoothImages(2, 8);
    const [a, b] = [plain, scaled].map((model) =>
      model.decode(model.encode(images))
    );
    assertLess(maxDifference(a!, b!), 1e-6);
  });
  assertEquals(scaled.weights(), plain.weights());
  assertEquals(scaled.latentShape, [4, 4, 2]);
  const before = tf.memory().numTensors;
  const { size } = plain.weights();
  scaled.dispose();
  assertEquals(tf.memory().numTensors, before - size);
});

Deno.test("an invalid scale is named in the error", () => {
  assertThrows(
    () => scaleAutoencoder(mirror, { shift: [0, 0, 0], scale: [1, 0, 1] }),
    RangeError,
    "scale must be three positive numbers, got [1,0,1].",
  );
  assertThrows(
    () => scaleAutoencoder(mirror, { shift: [0, 0], scale: [1, 1, 1] }),
    RangeError,
    "shift must be three numbers, got [0,0].",
  );
});
