import {
  convAutoencoder,
  FIRST_LOG_VARIANCE,
  LOG_VARIANCE_BOUND,
  vaeLoss,
  variationalAutoencoder,
} from "@/models/mod.ts";
import { compile, tf } from "@/tensorflow/mod.ts";
import { Adam } from "@/training/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { maxDifference, smoothImages } from "./_images.ts";

const small = { size: 8, widths: [4, 6], latentChannels: 2, seed: 1 };

Deno.test("a variational autoencoder has means and variances of the code's shape", () => {
  const cases = [
    [{ size: 16, widths: [4], latentChannels: 3 }, [8, 8, 3]],
    [{ size: 32, widths: [2, 3, 4], latentChannels: 1 }, [4, 4, 1]],
    [{ size: 172, widths: [2, 2], latentChannels: 8 }, [43, 43, 8]],
    [{ size: 344, widths: [2, 2, 2], latentChannels: 8 }, [43, 43, 8]],
  ] as const;
  for (const [settings, latentShape] of cases) {
    const model = variationalAutoencoder({ ...settings, seed: 1 });
    const { size } = settings;
    assertEquals(model.imageShape, [size, size, 3]);
    assertEquals(model.latentShape, [...latentShape]);
    tf.tidy(() => {
      const images = tf.zeros([2, size, size, 3]) as tf.Tensor4D;
      const { mean, logVariance } = model.posterior(images);
      assertEquals(mean.shape, [2, ...latentShape]);
      assertEquals(logVariance.shape, [2, ...latentShape]);
      assertEquals(model.decode(mean).shape, [2, size, size, 3]);
    });
    model.dispose();
  }
});

Deno.test("a variational autoencoder starts as the plain one, with little noise", () => {
  const plain = convAutoencoder(small);
  const model = variationalAutoencoder(small);
  const images = smoothImages(2, 8);
  tf.tidy(() => {
    const { mean, logVariance } = model.posterior(images);
    assertEquals(maxDifference(mean, plain.encode(images)), 0);
    assertEquals(maxDifference(mean, model.encode(images)), 0);
    assertEquals(maxDifference(model.decode(mean), plain.decode(mean)), 0);
    const first = LOG_VARIANCE_BOUND *
      Math.tanh(FIRST_LOG_VARIANCE / LOG_VARIANCE_BOUND);
    const expected = tf.fill(logVariance.shape, first);
    assertLess(maxDifference(logVariance, expected), 1e-5);
  });
  const head = 9 * 6 * 2 + 2;
  assertEquals(model.parameters, plain.parameters + head);
  const added = [...model.weights().keys()]
    .filter((name) => !plain.weights().has(name));
  assertEquals(added, [
    "analysis_log_variance/kernel",
    "analysis_log_variance/bias",
  ]);
  images.dispose();
  plain.dispose();
  model.dispose();
});

Deno.test("log variances stay within their bound", () => {
  const model = variationalAutoencoder(small);
  const bias = model.weights().get("analysis_log_variance/bias")!;
  tf.tidy(() => bias.assign(tf.tensor1d([1e6, -1])));
  const images = smoothImages(1, 8);
  tf.tidy(() => {
    const values = model.posterior(images).logVariance.dataSync();
    values.forEach((value, i) =>
      assertAlmostEquals(
        value,
        // Nearly unchanged in the middle.
        i % 2 === 0 ? LOG_VARIANCE_BOUND : -1,
        0.01,
      )
    );
  });
  images.dispose();
  model.dispose();
});

Deno.test("a size that cannot be halved is named in the error", () => {
  assertThrows(
    () => variationalAutoencoder({ ...small, size: 10 }),
    RangeError,
    "size must be a multiple of 4, got 10.",
  );
});

Deno.test("all weights learn, the loss falls, and steps leave no tensors", () => {
  const model = variationalAutoencoder(small);
  const weights = model.weights();
  const before = new Map(
    Array.from(weights, ([name, weight]) => [name, weight.dataSync().slice()]),
  );
  const adam = new Adam(weights);
  const step = compile((
    images: tf.Tensor4D,
    rate: tf.Scalar,
    noise: tf.Tensor1D,
  ) =>
    adam.minimize(
      rate,
      () => ({ ...vaeLoss(model, { images, beta: 0.01, noise }) }),
    )
  );
  const images = smoothImages(4, 8);
  const rate = tf.scalar(0.01);
  const losses: number[] = [];
  let kept: number | undefined;
  for (let number = 1; number <= 30; number++) {
    const noise = tf.tensor1d([1, number], "int32");
    const parts = step(images, rate, noise);
    losses.push(parts.loss.dataSync()[0]!);
    tf.dispose([noise, ...Object.values(parts)]);
    kept ??= tf.memory().numTensors;
    assertEquals(tf.memory().numTensors, kept);
  }
  assertLess(losses.at(-1)!, losses[0]! / 2);
  for (const [name, weight] of weights) {
    assertNotEquals(weight.dataSync(), before.get(name), name);
  }
  tf.dispose([images, rate]);
  step.dispose();
  adam.dispose();
  model.dispose();
});

Deno.test("a variational autoencoder keeps its weights and nothing else", () => {
  const before = tf.memory().numTensors;
  const model = variationalAutoencoder(small);
  const kept = tf.memory().numTensors;
  assertEquals(kept - before, model.weights().size);
  const images = smoothImages(2, 8);
  const { mean, logVariance } = model.posterior(images);
  assert(mean.size === logVariance.size);
  tf.dispose([images, mean, logVariance]);
  assertEquals(tf.memory().numTensors, kept);
  model.dispose();
  assertEquals(tf.memory().numTensors, before);
});
