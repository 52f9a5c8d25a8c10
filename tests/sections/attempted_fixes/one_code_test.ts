import {
  type Autoencoder,
  type ImageDecoder,
  squaredError,
} from "@/models/mod.ts";
import { oneCodeLoss } from "@/sections/attempted_fixes/one_code.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";

/** The code is the image's double; the image is a third of the code. */
const high: Autoencoder = {
  imageShape: [1, 1, 3],
  latentShape: [1, 1, 3],
  parameters: 0,
  encode: (images) => tf.tidy(() => images.mul(2) as tf.Tensor4D),
  decode: (codes) => tf.tidy(() => codes.div(3) as tf.Tensor4D),
  weights: () => new Map(),
  dispose: () => {},
  [Symbol.dispose]: () => {},
};

/** The medium image is a quarter of the code. */
const medium: ImageDecoder = {
  imageShape: [1, 1, 3],
  parameters: 0,
  decode: (codes) => tf.tidy(() => codes.div(4) as tf.Tensor4D),
  weights: () => new Map(),
  dispose: () => {},
  [Symbol.dispose]: () => {},
};

function value(scalar: tf.Scalar): number {
  return scalar.dataSync()[0]!;
}

Deno.test("the loss of one code is that of the high image and w times the medium one's", () => {
  tf.tidy(() => {
    // Codes 0.6, 0, 1.2; high images 0.2, 0, 0.4; medium 0.15, 0, 0.3.
    const large = tf.tensor4d([0.3, 0, 0.6], [1, 1, 1, 3]);
    const small = tf.tensor4d([0.25, 0.3, 0], [1, 1, 1, 3]);
    const images = { high: large, medium: small };
    const ofHigh = (0.1 ** 2 + 0 + 0.2 ** 2) / 3;
    const ofMedium = (0.1 ** 2 + 0.3 ** 2 + 0.3 ** 2) / 3;
    for (const w of [0, 0.3, 1, 3]) {
      const parts = oneCodeLoss({ high, medium }, images, {
        mediumWeight: w,
      });
      assertAlmostEquals(value(parts.high), ofHigh, 1e-6);
      assertAlmostEquals(value(parts.medium), ofMedium, 1e-6);
      assertAlmostEquals(value(parts.loss), ofHigh + w * ofMedium, 1e-6);
    }
    const adapter = oneCodeLoss({ high, medium }, images);
    assertAlmostEquals(value(adapter.loss), ofMedium, 1e-6);
    assertAlmostEquals(value(adapter.high), ofHigh, 1e-6);
  });
});

Deno.test("squaredError is a mean over everything", () => {
  tf.tidy(() => {
    const a = tf.tensor([1, 2, 3, 4], [2, 2]);
    assertEquals(value(squaredError(a, tf.tensor([1, 2, 3, 2], [2, 2]))), 1);
  });
});
