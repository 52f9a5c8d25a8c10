import {
  adversarialLoss,
  discriminatorLoss,
  featureLoss,
  patchDiscriminator,
} from "@/models/enlarging/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { Adam } from "@/training/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
} from "@std/assert";

const shape = { width: 4, normalised: true };

function value(scalar: tf.Tensor): number {
  return scalar.dataSync()[0]!;
}

function images(seed: number, spread: number): tf.Tensor4D {
  const [low, high] = [0.5 - spread, 0.5 + spread];
  return tf.randomUniform([2, 8, 12, 3], low, high, "float32", seed);
}

Deno.test("both sides' losses are what a hand computes", () => {
  tf.tidy(() => {
    const scores = (all: number[]) => tf.tensor4d(all, [1, 1, 2, 1]);
    const real = scores([1, -1]), made = scores([0, 0]);
    const softplus = (x: number) => Math.log(1 + Math.exp(x));
    const judge = (softplus(-1) + softplus(1)) / 2;
    assertAlmostEquals(value(discriminatorLoss(real, made)), judge, 1e-6);
    const clear = scores([3, 3]);
    assertAlmostEquals(
      value(discriminatorLoss(clear, made)),
      softplus(-3),
      1e-6,
    );
    assertAlmostEquals(value(adversarialLoss(clear, made)), softplus(3), 1e-5);
    // If it cannot tell them apart, neither side is ahead.
    assertAlmostEquals(value(adversarialLoss(made, made)), Math.LN2, 1e-6);
    const features = [real, clear].map((x) => x as tf.Tensor4D);
    assertAlmostEquals(
      value(featureLoss(features, [made, made])),
      (1 + 3) / 2,
      1e-6,
    );
  });
});

Deno.test("scores are given for places of 4x4 pixels", () => {
  tf.tidy(() => {
    using judge = patchDiscriminator(shape, 1);
    const { scores, features } = judge.judge(images(1, 0.2), images(2, 0.1));
    assertEquals(scores.shape, [2, 2, 3, 1]);
    assertEquals(features.map((layer) => layer.shape), [
      [2, 4, 6, 4],
      [2, 2, 3, 4],
    ]);
  });
});

Deno.test("followed for a while, kernels are divided by their largest singular value", () => {
  tf.tidy(() => {
    using judge = patchDiscriminator(shape, 1);
    using plain = patchDiscriminator({ ...shape, normalised: false }, 1);
    for (let i = 0; i < 50; i++) judge.followKernels();
    const image = images(1, 0.2), smooth = images(2, 0.1);
    // Ten times a kernel is the same kernel once it is divided by its norm.
    const scoresOf = (one: typeof judge) =>
      value(one.judge(image, smooth).scores.abs().max());
    const [before, plainBefore] = [scoresOf(judge), scoresOf(plain)];
    for (const one of [judge, plain]) {
      for (const [name, weight] of one.weights()) {
        if (name.endsWith("/kernel")) weight.assign(weight.mul(10));
      }
    }
    assertAlmostEquals(scoresOf(judge), before, 1e-4 * before);
    assertGreater(scoresOf(plain), 100 * plainBefore);
  });
});

Deno.test("a step of the discriminator goes down the gradient of its values", () => {
  tf.tidy(() => {
    using judge = patchDiscriminator({ ...shape, normalised: false }, 1);
    const smooth = images(1, 0.1), real = images(2, 0.3), made = images(3, 0.1);
    const loss = () =>
      discriminatorLoss(
        judge.judge(real, smooth).scores,
        judge.judge(made, smooth).scores,
      );
    const weights = judge.weights();
    const kernel = weights.get("judge_1/kernel")!;
    const { grads } = tf.variableGrads(loss, [kernel]);
    const slopes = Object.values(grads)[0]!.dataSync();
    const values = kernel.dataSync();
    for (const i of [0, 50, 143]) {
      const at = (step: number) => {
        const moved = values.slice() as Float32Array;
        moved[i]! += step;
        kernel.assign(tf.tensor(moved, kernel.shape));
        return value(loss());
      };
      assertAlmostEquals(slopes[i]!, (at(1e-2) - at(-1e-2)) / 2e-2, 2e-4);
    }
    kernel.assign(tf.tensor(values, kernel.shape));
  });
});

Deno.test("a discriminator learns to tell rough images from smooth ones", () => {
  const before = tf.memory().numTensors;
  {
    using judge = patchDiscriminator(shape, 1);
    using adam = new Adam(judge.weights());
    const step = () =>
      tf.tidy(() => {
        judge.followKernels();
        const smooth = images(1, 0.1);
        const real = images(2, 0.3);
        return value(
          adam.minimize(tf.scalar(1e-2), () => ({
            loss: discriminatorLoss(
              judge.judge(real, smooth).scores,
              judge.judge(smooth, smooth).scores,
            ),
          })).loss,
        );
      });
    const losses = Array.from({ length: 40 }, step);
    assertLess(losses.at(-1)!, 0.7 * losses[0]!);
  }
  assertEquals(tf.memory().numTensors, before);
});
