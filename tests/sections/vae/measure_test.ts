import { convAutoencoder, type VariationalAutoencoder } from "@/models/mod.ts";
import { reconstruct } from "@/training/mod.ts";
import {
  drawImages,
  interpolateImages,
  measureOwn,
  measureRate,
} from "@/sections/vae/measure.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
} from "@std/assert";
import { drawPairs } from "../../experiment/_photos.ts";

/** One channel far from the prior, one at it; each image comes out as mean 0.5. */
const model: VariationalAutoencoder = {
  imageShape: [32, 32, 3],
  latentShape: [16, 16, 2],
  parameters: 0,
  encode: (images) => model.posterior(images).mean,
  decode: (codes) =>
    tf.tidy(() => {
      const first = codes.slice([0, 0, 0, 0], [-1, -1, -1, 1]).sub(3).add(0.5);
      const grey = tf.tile(first, [1, 1, 1, 3]) as tf.Tensor4D;
      return tf.image.resizeNearestNeighbor(grey, [32, 32]);
    }),
  posterior: (images) =>
    tf.tidy(() => {
      const one = tf.ones([images.shape[0], 16, 16, 1]);
      const mean = tf.concat([one.mul(3), one.mul(0)], 3) as tf.Tensor4D;
      const logVariance = tf.concat([one.mul(-2), one.mul(0)], 3);
      return { mean, logVariance: logVariance as tf.Tensor4D };
    }),
  weights: () => new Map(),
  dispose: () => {},
  [Symbol.dispose]: () => {},
};

Deno.test("the rate is that of the closed form, in bits per pixel", () => {
  const before = tf.memory().numTensors;
  const pairs = drawPairs(3, 64);
  const rate = measureRate(model, "medium", pairs);
  const nats = (9 + Math.exp(-2) - 1 + 2) / 2;
  assertAlmostEquals(rate.klPerChannel[0]!, nats, 1e-3);
  assertEquals(rate.klPerChannel[1], 0);
  // A number of each channel for 2 x 2 pixels.
  assertAlmostEquals(rate.klBitsPerPixel, nats / Math.LN2 / 4, 1e-3);
  assertEquals(rate.activeShare, 0.5);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("sampled codes give other images than means, here with larger errors", () => {
  const pairs = drawPairs(3, 64);
  const { quality, photos } = measureOwn(model, "medium", pairs);
  assertEquals(photos.length, 3);
  assertEquals([...new Set(photos[0]!.data)], [128]);
  assertLess(measureRate(model, "medium", pairs).sampledDb, quality.psnrDb);
});

const shape = { widths: [4], latentChannels: 2, seed: 1 };

Deno.test("an interpolation leads from the first photo's image to the last one's", () => {
  const before = tf.memory().numTensors;
  const pairs = drawPairs(3, 16);
  const model = convAutoencoder({ size: 8, ...shape });
  const images = interpolateImages(model, "medium", pairs, 5);
  const decoded = reconstruct(
    pairs,
    "medium",
    (x) => model.decode(model.encode(x)),
  );
  assertEquals(images.length, 5);
  assertEquals([images[0], images[4]], [decoded[0]!, decoded[2]!]);
  assertNotEquals(images[2], images[0]);
  assertNotEquals(images[2], images[4]);
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("an interpolation uses the images of the requested size", () => {
  const model = convAutoencoder({ size: 16, ...shape });
  const [first] = interpolateImages(model, "high", drawPairs(2, 16), 2);
  assertEquals([first!.width, first!.height], [16, 16]);
  model.dispose();
});

Deno.test("an interpolation of one photo stays at that photo", () => {
  const model = convAutoencoder({ size: 8, ...shape });
  const [from, to] = interpolateImages(model, "medium", drawPairs(1, 16), 2);
  assertEquals(from, to);
  model.dispose();
});

Deno.test("the noise decides the codes that are sampled", () => {
  const before = tf.memory().numTensors;
  const model = convAutoencoder({ size: 8, ...shape });
  const [first, second] = drawImages(model, 2, 1);
  assertEquals([first!.width, first!.height], [8, 8]);
  assertNotEquals(first, second);
  assertEquals(drawImages(model, 2, 1), [first, second]);
  assertNotEquals(drawImages(model, 2, 2), [first, second]);
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});
