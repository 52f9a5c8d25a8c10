import { CELL_PLANES } from "@/codec/transform/block_sizes.ts";
import { type Layer, realLayer } from "@/codec/model/networks.ts";
import { bestStep, lambdaAt } from "@/codec/model/quality.ts";
import { logisticBits, roundThrough } from "@/codec/model/rate_estimate.ts";
import type { CodecBatch } from "@/codec/training/codec_batch.ts";
import { codecLoss, codecPass } from "@/codec/training/objective.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
} from "@std/assert";
import {
  batchOf,
  drawHalves,
  tinySettings,
  tinyWeights,
} from "../_tiny_model.ts";

function withWeights(
  work: (
    value: (name: string) => tf.Variable,
    all: Map<string, tf.Variable>,
  ) => void,
): void {
  const before = tf.memory().numTensors;
  const weights = tinyWeights();
  try {
    tf.tidy(() => work((name) => weights.get(name)!, weights));
  } finally {
    tf.dispose([...weights.values()]);
  }
  assertEquals(tf.memory().numTensors, before);
}

/** Two pictures at these levels. */
function makeBatch(
  levels: readonly [number, number],
  coarseness: readonly number[] = [1, 1],
): CodecBatch {
  const pictures = ["one", "two"].map((key) => drawHalves(64, 64, key));
  return batchOf(pictures, levels, coarseness);
}

Deno.test("logisticBits() are those of a logistic distribution's mass around a whole number", () => {
  tf.tidy(() => {
    // The least scale, 0.05, is added to every scale.
    const deviation = 1.7, scale = Math.log2(deviation - 0.05);
    const mass = (k: number) => {
      const width = deviation * Math.sqrt(3) / Math.PI;
      const below = (x: number) => 1 / (1 + Math.exp(-x / width));
      return below(k + 0.5) - below(k - 0.5);
    };
    const values = [-9, -1, 0, 0.4, 2.2, 12];
    const found = logisticBits(tf.tensor1d(values), tf.scalar(scale))
      .dataSync();
    values.forEach((value, i) =>
      assertAlmostEquals(found[i]!, -Math.log2(mass(Math.round(value))), 1e-3)
    );
    const noisy = logisticBits(
      tf.scalar(0.4),
      tf.scalar(scale),
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

Deno.test("without corrections the codec is the transform and a quantiser", () => {
  withWeights((value, all) => {
    for (const [name, weight] of all) {
      if (/^((high|medium)\/5|detail\/3)\//.test(name)) {
        weight.assign(tf.zerosLike(weight));
      }
    }
    const levels = [0.5, 1] as const;
    const batch = makeBatch(levels);
    const { high, medium, thumbnail } = codecPass(batch, value);
    assertEquals(high.shape, batch.high.shape);
    assertEquals(medium.shape, batch.medium.shape);
    assertEquals(thumbnail.shape, [2, 2, 2, 3]);
    const errors = high.sub(batch.high).mul(255).square().mean([1, 2, 3]);
    levels.forEach((level, i) => {
      // Of an orthonormal transform few errors are above half a step.
      const step = bestStep(lambdaAt(level));
      const mse = errors.dataSync()[i]!;
      assertGreater(mse, 0);
      assertLess(mse, step ** 2 / 4);
    });
  });
});

Deno.test("the loss is bits per pixel and lambda times the errors, by the root of lambda", () => {
  withWeights((value) => {
    const { loss, ...parts } = codecLoss(makeBatch([0.3, 0.3]), value);
    const [bpp, mediumBpp, hyperBpp, high, medium, thumbnail] = [
      ...[parts.bpp, parts.mediumBpp, parts.hyperBpp],
      ...[parts.highMse, parts.mediumMse, parts.thumbnailMse],
    ].map((part) => part.dataSync()[0]!);
    const lambda = lambdaAt(0.3);
    const first = mediumBpp! + lambda * 0.25 * medium!;
    const expected = (bpp! + lambda * (high! + 0.25 * medium!) + 0.3 * first +
      lambda * thumbnail! / 64) / Math.sqrt(100 * lambda);
    assertAlmostEquals(loss.dataSync()[0]!, expected, 1e-4 * expected);
    assert(hyperBpp! > 0 && hyperBpp! < mediumBpp!);
    assertLess(mediumBpp!, bpp!);
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
    assertEquals(a.bits.dataSync(), again.bits.dataSync());
    assert(a.bits.dataSync()[0] !== b.bits.dataSync()[0]);
    assertEquals(a.high.dataSync(), plain.high.dataSync());
  });
});

Deno.test("the medium image knows nothing of the last layer", () => {
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
    assert(after.bits.dataSync()[0] !== before.bits.dataSync()[0]);
    assert(after.high.dataSync()[0] !== before.high.dataSync()[0]);
  });
});

Deno.test("a coarser first layer has fewer bits and a worse medium image", () => {
  withWeights((value) => {
    const [fine, coarse] = [0, 3].map((coarseness) =>
      codecLoss(makeBatch([0.6, 0.6], [coarseness, coarseness]), value)
    );
    const scalar = (x: tf.Scalar) => x.dataSync()[0]!;
    assertLess(scalar(coarse!.mediumBpp), scalar(fine!.mediumBpp));
    assertLess(scalar(fine!.mediumMse), scalar(coarse!.mediumMse));
  });
});

Deno.test("every weight that is learned has a gradient", () => {
  withWeights((value, all) => {
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

Deno.test("predictions are given latents within what files give them", () => {
  withWeights((value) => {
    // Black: grey levels far above the norms.
    const batch = makeBatch([0.9, 0.9]);
    const high = tf.zerosLike(batch.high);
    const real = realLayer(value);
    const greatest = new Map<string, number>();
    const first = tinySettings.featureChannels + CELL_PLANES;
    const latentsAt = new Map([
      ["hyper_analysis/0", [0, 192]],
      ["group/0/0", [first, -1]],
      ["group/4/0", [first, -1]],
    ]);
    const layer: Layer = (x, name, options) => {
      const place = latentsAt.get(name);
      if (place !== undefined) {
        const [from, size] = place as [number, number];
        const latents = x.slice([0, 0, 0, from], [-1, -1, -1, size]);
        greatest.set(name, latents.abs().max().dataSync()[0]!);
      }
      return real(x, name, options);
    };
    codecPass({ ...batch, high }, value, undefined, layer);
    for (const name of latentsAt.keys()) {
      assertLess(greatest.get(name)!, 255 / 32 + 1e-6, name);
    }
    assertEquals(greatest.get("hyper_analysis/0"), 255 / 32);
    assertEquals(greatest.get("group/4/0"), 255 / 32);
  });
});
