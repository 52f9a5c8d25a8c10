import {
  denseMiddle,
  isVariational,
  scaleAutoencoder,
  variationalAutoencoder,
  wrapEncoder,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { maxDifference, smoothImages } from "./_images.ts";

const make = () =>
  variationalAutoencoder({ size: 8, widths: [4], latentChannels: 2, seed: 1 });

Deno.test("a wrapped variational network's mean is its code", () => {
  const model = make();
  const wrapped = wrapEncoder(model, {
    before: (images) => images.mul(2) as tf.Tensor4D,
    behind: (codes) => codes.add(3) as tf.Tensor4D,
  });
  assert(isVariational(wrapped));
  tf.tidy(() => {
    const images = smoothImages(2, 8);
    const doubled = images.mul(2) as tf.Tensor4D;
    const inner = model.posterior(doubled);
    const outer = wrapped.posterior(images);
    assertLess(maxDifference(outer.mean, inner.mean.add(3)), 1e-6);
    assertEquals(maxDifference(outer.logVariance, inner.logVariance), 0);
    assertEquals(maxDifference(wrapped.encode(images), outer.mean), 0);
  });
  model.dispose();
});

Deno.test("a wrap of nothing changes nothing", () => {
  const model = make();
  const wrapped = wrapEncoder(model, {});
  tf.tidy(() => {
    const images = smoothImages(2, 8);
    const [a, b] = [wrapped, model].map((one) => one.encode(images));
    assertEquals(maxDifference(a!, b!), 0);
  });
  model.dispose();
});

Deno.test("scales and fully connected middles reach a variational mean", () => {
  const before = tf.memory().numTensors;
  const scale = { shift: [0.4, 0.5, 0.6], scale: [0.2, 0.3, 0.4] };
  const models = [
    scaleAutoencoder(make(), scale),
    denseMiddle(make(), { units: 3, seed: 1 }),
  ];
  const plain = make();
  const kept = tf.memory().numTensors;
  tf.tidy(() => {
    const images = smoothImages(2, 8);
    for (const model of models) {
      const { mean } = model.posterior(images);
      assertEquals(maxDifference(mean, model.encode(images)), 0);
      assertGreater(maxDifference(mean, plain.encode(images)), 1e-3);
    }
  });
  assertEquals(tf.memory().numTensors, kept);
  for (const model of [...models, plain]) model.dispose();
  assertEquals(tf.memory().numTensors, before);
});
