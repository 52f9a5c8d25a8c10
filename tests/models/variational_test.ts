import {
  klFromPrior,
  LOG_VARIANCE_BOUND,
  type Posterior,
  samplePosterior,
  vaeLoss,
  type VariationalAutoencoder,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";

/** A posterior whose numbers all have one mean and one log variance. */
function constant(
  shape: [number, number, number, number],
  mean: number,
  logVariance: number,
): Posterior {
  return {
    mean: tf.fill(shape, mean),
    logVariance: tf.fill(shape, logVariance),
  };
}

Deno.test("the divergence from the prior is the closed form's", () => {
  tf.tidy(() => {
    const posterior = {
      mean: tf.tensor4d([0, 3, 0, -1], [1, 1, 2, 2]),
      logVariance: tf.tensor4d([0, 0, Math.log(4), -2], [1, 1, 2, 2]),
    };
    const kl = klFromPrior(posterior);
    assertEquals(kl.shape, [1, 1, 2, 2]);
    const expected = [
      0,
      4.5,
      (4 - 1 - Math.log(4)) / 2,
      (1 + Math.exp(-2) - 1 + 2) / 2,
    ];
    kl.dataSync().forEach((value, i) =>
      assertAlmostEquals(value, expected[i]!, 1e-6)
    );
  });
});

Deno.test("the divergence is the mean log ratio of the densities at samples", () => {
  tf.tidy(() => {
    const posterior = constant([1, 100, 100, 10], 0.7, -1);
    const z = samplePosterior(posterior, 5);
    // log N(z; m, v) − log N(z; 0, 1)
    const scaled = z.sub(posterior.mean).square().div(Math.exp(-1));
    const ratio = z.square().sub(scaled).add(1).div(2).mean().dataSync()[0]!;
    const kl = klFromPrior(posterior).mean().dataSync()[0]!;
    assertAlmostEquals(ratio, kl, 0.02);
  });
});

Deno.test("samples have their distribution's mean and variance", () => {
  tf.tidy(() => {
    const codes = samplePosterior(
      constant([2, 100, 100, 5], -1.5, Math.log(0.25)),
      3,
    );
    const { mean, variance } = tf.moments(codes);
    assertAlmostEquals(mean.dataSync()[0]!, -1.5, 0.01);
    assertAlmostEquals(variance.dataSync()[0]!, 0.25, 0.005);
  });
});

Deno.test("the noise alone decides the samples", () => {
  tf.tidy(() => {
    const draw = (noise: number) =>
      samplePosterior(constant([1, 2, 2, 2], 0, 0), noise).dataSync();
    assertEquals(draw(1), draw(1));
    assertNotEquals(draw(1), draw(2));
  });
});

Deno.test("gradients of samples are 1 for the mean, and half the noise for the log variance", () => {
  tf.tidy(() => {
    const shape = [1, 1, 1, 3] as const;
    const noise = samplePosterior(constant([...shape], 0, 0), 9).dataSync();
    const [byMean, byLogVariance] = tf.grads((mean, logVariance) =>
      samplePosterior({ mean, logVariance } as Posterior, 9)
    )([tf.zeros([...shape]), tf.zeros([...shape])]);
    assertEquals([...byMean!.dataSync()], [1, 1, 1]);
    byLogVariance!.dataSync().forEach((value, i) =>
      assertAlmostEquals(value, noise[i]! / 2, 1e-6)
    );
  });
});

/** Mean of the code: the image's red. Decodes it as grey. */
function redOnly(logVariance: number): VariationalAutoencoder {
  const encode = (images: tf.Tensor4D) =>
    images.slice([0, 0, 0, 0], [-1, -1, -1, 1]);
  return {
    imageShape: [1, 2, 3],
    latentShape: [1, 2, 1],
    parameters: 0,
    encode,
    decode: (codes) => tf.tile(codes, [1, 1, 1, 3]),
    posterior: (images) => {
      const mean = encode(images);
      return { mean, logVariance: tf.fill(mean.shape, logVariance) };
    },
    weights: () => new Map(),
    dispose: () => {},
    [Symbol.dispose]: () => {},
  };
}

Deno.test("the loss and its parts are what a hand computes", () => {
  const before = tf.memory().numTensors;
  const images = tf.tensor4d([1, 0, 0, 0.5, 0.5, 1], [1, 1, 2, 3]);
  // Deviations of e^-20: samples are means.
  const parts = vaeLoss(redOnly(-40), { images, beta: 0.1, noise: 1 });
  // Pixels come out as [1, 1, 1] and [0.5, 0.5, 0.5].
  const reconstruction = (1 + 1 + 0.25) / 6;
  const kl = (1 + 0.25 + 2 * (-1 + 40)) / 2 / 6;
  const expected = {
    loss: reconstruction + 0.1 * kl,
    reconstruction,
    kl,
  };
  assertEquals(Object.keys(parts), Object.keys(expected));
  for (const name of ["loss", "reconstruction", "kl"] as const) {
    assertEquals(parts[name].shape, []);
    assertAlmostEquals(parts[name].dataSync()[0]!, expected[name], 1e-5, name);
  }
  tf.dispose([images, ...Object.values(parts)]);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("the reconstruction's loss is that of a sample, not of the mean", () => {
  tf.tidy(() => {
    const images = tf.zeros([1, 1, 2, 3]) as tf.Tensor4D;
    const model = redOnly(0);
    const noise = samplePosterior(model.posterior(images), 4).dataSync();
    const { reconstruction, kl } = vaeLoss(model, {
      images,
      beta: 1,
      noise: 4,
    });
    assertAlmostEquals(
      reconstruction.dataSync()[0]!,
      (noise[0]! ** 2 + noise[1]! ** 2) / 2,
      1e-6,
    );
    assertEquals(kl.dataSync()[0], 0);
  });
});

Deno.test("the bound of log variances leaves deviations that float32 holds", () => {
  tf.tidy(() => {
    for (const sign of [-1, 1]) {
      const posterior = constant([1, 1, 1, 1], 0, sign * LOG_VARIANCE_BOUND);
      const [kl] = klFromPrior(posterior).dataSync();
      const exact = Math.exp(sign * LOG_VARIANCE_BOUND) - 1 -
        sign * LOG_VARIANCE_BOUND;
      assertAlmostEquals(kl! / (exact / 2), 1, 1e-5);
    }
  });
});
