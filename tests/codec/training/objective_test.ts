import type { CodecSettings } from "@/codec/model/codec_model.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { type Layer, realLayer } from "@/codec/model/networks.ts";
import { bestStep, lambdaAt } from "@/codec/model/quality.ts";
import {
  logisticBits,
  MIN_SCALE,
  roundThrough,
} from "@/codec/model/rate_estimate.ts";
import { codecWeights } from "@/codec/training/codec_weights.ts";
import {
  anchorWeights,
  type CodecBatch,
} from "@/codec/training/codec_batch.ts";
import { codecLoss, codecPass } from "@/codec/training/objective.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
} from "@std/assert";

const settings: CodecSettings = {
  analysisWidth: 6,
  hyperChannels: 3,
  hyperWidth: 4,
  featureChannels: 5,
  groupWidths: [4, 5, 6, 7, 8],
  synthesisWidth: 6,
  detailWidth: 4,
  mediumWidth: 5,
  anchors: 3,
};

function withWeights(
  work: (
    value: (name: string) => tf.Variable,
    all: Map<string, tf.Variable>,
  ) => void,
): void {
  const before = tf.memory().numTensors;
  const norms = Float32Array.from({ length: CHANNELS }, (_, i) => 30 + i % 7);
  const weights = codecWeights(settings, norms, 1);
  try {
    tf.tidy(() => work((name) => weights.get(name)!, weights));
  } finally {
    tf.dispose([...weights.values()]);
  }
  assertEquals(tf.memory().numTensors, before);
}

/** Two images of some slopes and grain, at these levels. */
function makeBatch(levels: readonly [number, number]): CodecBatch {
  const random = seededRandom("objective");
  const pixel = (i: number) => 0.5 + 0.3 * Math.sin(i / 500) + 0.2 * random();
  const high = tf.tensor4d(
    Float32Array.from({ length: 2 * 64 * 32 * 3 }, (_, i) => pixel(i)),
    [2, 64, 32, 3],
  );
  return {
    high,
    medium: tf.avgPool(high, 2, 2, "valid"),
    level: tf.tensor2d([...levels], [2, 1]),
    anchors: tf.tensor2d(levels.map((level) => anchorWeights(level, 3))),
    lambda: tf.tensor1d(levels.map(lambdaAt)),
  };
}

Deno.test("logisticBits() are those of a logistic distribution's mass around a whole number", () => {
  tf.tidy(() => {
    const deviation = 1.7;
    const mass = (k: number) => {
      const width = deviation * Math.sqrt(3) / Math.PI;
      const below = (x: number) => 1 / (1 + Math.exp(-x / width));
      return below(k + 0.5) - below(k - 0.5);
    };
    const values = [-9, -1, 0, 0.4, 2.2, 12];
    const found = logisticBits(
      tf.tensor1d(values),
      tf.scalar(Math.log2(deviation - MIN_SCALE)),
    ).dataSync();
    values.forEach((value, i) => {
      const whole = Math.round(value);
      assertAlmostEquals(found[i]!, -Math.log2(mass(whole)), 1e-3);
    });
    const noisy = logisticBits(
      tf.scalar(0.4),
      tf.scalar(Math.log2(deviation - MIN_SCALE)),
      tf.scalar(0.3),
    ).dataSync();
    assertAlmostEquals(noisy[0]!, -Math.log2(mass(0.7)), 1e-4);
  });
});

Deno.test("roundThrough() rounds, and its gradient is 1", () => {
  tf.tidy(() => {
    const x = tf.tensor1d([-1.6, 0.4]);
    assertEquals(Array.from(roundThrough(x).dataSync()), [-2, 0]);
    const slope = tf.grad((x: tf.Tensor) => roundThrough(x).mul(3).sum())(x);
    assertEquals(Array.from(slope.dataSync()), [3, 3]);
  });
});

Deno.test("before training the codec is the transform and a uniform quantiser", () => {
  withWeights((value) => {
    const levels = [0.5, 1] as const;
    const batch = makeBatch(levels);
    const { high, medium } = codecPass(batch, value);
    assertEquals(high.shape, batch.high.shape);
    assertEquals(medium.shape, batch.medium.shape);
    const errors = high.sub(batch.high).mul(255).square().mean([1, 2, 3]);
    levels.forEach((level, i) => {
      // Of an orthonormal transform no error is greater than half a step.
      const step = bestStep(lambdaAt(level));
      const mse = errors.dataSync()[i]!;
      assertGreater(mse, 0);
      assertLess(mse, step ** 2 / 4);
    });
    const small = medium.sub(batch.medium).mul(255).square().mean();
    assertLess(small.dataSync()[0]!, bestStep(lambdaAt(0.5)) ** 2);
  });
});

Deno.test("the loss is bits per pixel and lambda times both errors, by the root of lambda", () => {
  withWeights((value) => {
    const levels = [0.3, 0.3] as const;
    const loss = codecLoss(makeBatch(levels), value, undefined, 0.25);
    const [whole, bpp, mediumBpp, high, medium] = [
      loss.loss,
      loss.bpp,
      loss.mediumBpp,
      loss.highMse,
      loss.mediumMse,
    ].map((part) => part.dataSync()[0]!);
    const lambda = lambdaAt(0.3);
    const expected = (bpp! + lambda * (high! + 0.25 * medium!)) /
      Math.sqrt(100 * lambda);
    assertAlmostEquals(whole!, expected, 1e-4 * expected);
    assert(mediumBpp! > 0 && mediumBpp! < bpp!);
  });
});

Deno.test("noise changes the bits, not the images, and the seed decides it", () => {
  withWeights((value) => {
    const batch = makeBatch([0.4, 0.8]);
    const pass = (seed?: number) =>
      codecPass(
        batch,
        value,
        seed === undefined ? undefined : tf.tensor1d([1, seed], "int32"),
      );
    const plain = pass();
    const [a, again, b] = [pass(3), pass(3), pass(4)];
    assertEquals(a.mediumBits.dataSync(), again.mediumBits.dataSync());
    assert(a.mediumBits.dataSync()[0] !== b.mediumBits.dataSync()[0]);
    assertEquals(a.high.dataSync(), plain.high.dataSync());
  });
});

Deno.test("the first layer knows nothing of the second", () => {
  withWeights((value, all) => {
    const batch = makeBatch([0.4, 0.8]);
    const before = codecPass(batch, value);
    for (const [name, weight] of all) {
      if (/^(group\/[34]|high|detail)\//.test(name)) {
        weight.assign(weight.add(0.1));
      }
    }
    const after = codecPass(batch, value);
    assertEquals(after.mediumBits.dataSync(), before.mediumBits.dataSync());
    assertEquals(after.medium.dataSync(), before.medium.dataSync());
    assert(after.highBits.dataSync()[0] !== before.highBits.dataSync()[0]);
    assert(after.high.dataSync()[0] !== before.high.dataSync()[0]);
  });
});

Deno.test("every weight that is learned has a gradient", () => {
  withWeights((value, all) => {
    const random = seededRandom("gradients");
    for (const weight of all.values()) {
      // Layers that add nothing at first would hide those before them.
      if (weight.trainable) {
        const noise = Float32Array.from({ length: weight.size }, random);
        weight.assign(weight.add(tf.tensor(noise, weight.shape).mul(0.05)));
      }
    }
    const batch = makeBatch([0.4, 0.8]);
    const learned = [...all.values()].filter(({ trainable }) => trainable);
    const { grads } = tf.variableGrads(
      () => codecLoss(batch, value, tf.tensor1d([1, 2], "int32")).loss,
      learned,
    );
    for (const [name, weight] of all) {
      if (!weight.trainable) continue;
      const slope = grads[weight.name]!.abs().sum().dataSync()[0]!;
      assertGreater(slope, 0, name);
    }
  });
});

Deno.test("predictions are given latents within what files give them, images are not", () => {
  withWeights((value) => {
    // Black: grey levels far above the norms.
    const batch = makeBatch([0.9, 0.9]);
    const high = tf.zerosLike(batch.high);
    const real = realLayer(value);
    const greatest = new Map<string, number>();
    const firstLatent = new Map([
      ["hyper_analysis/0", 0],
      ["group/0/0", settings.featureChannels],
      ["group/4/0", settings.featureChannels],
    ]);
    const layer: Layer = (x, name, options) => {
      const from = firstLatent.get(name);
      if (from !== undefined) {
        const latents = x.slice([0, 0, 0, from], [-1, -1, -1, -1]);
        greatest.set(name, latents.abs().max().dataSync()[0]!);
      }
      return real(x, name, options);
    };
    codecPass({ ...batch, high }, value, undefined, layer);
    assertEquals(greatest.get("group/0/0"), 255 / 32);
    assertEquals(greatest.get("group/4/0"), 255 / 32);
    assertGreater(greatest.get("hyper_analysis/0")!, 20);
  });
});
