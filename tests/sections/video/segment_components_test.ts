import { type SequentialShape, SequentialVae } from "@/models/mod.ts";
import { fitSequentialStart } from "@/sections/video/segment_components.ts";
import { drawLook, makeSprites } from "@/datasets/clips/sprites.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";

const shape: SequentialShape = {
  side: 16,
  frames: 4,
  widths: [4, 6],
  blocks: 1,
  features: 5,
  localSize: 12,
  globalSize: 8,
  memory: 3,
  levels: 2,
  seed: 1,
};

const segments = Array.from({ length: 30 }, (_, i) => {
  const random = seededRandom("components", i);
  return makeSprites(drawLook(random), 16, 4, random);
});

/** Mean squared error of a network with exact codes, in squares of 0..1. */
function errorOf(model: SequentialVae): number {
  return tf.tidy(() => {
    const values = Float32Array.from(
      segments.flatMap((segment) => [...segment]),
      (value) => value / 255,
    );
    const frames = tf.tensor5d(values, [30, 4, 16, 16, 3]);
    const level = tf.ones([30, 1]).concat(tf.zeros([30, 1]), 1) as tf.Tensor2D;
    const decoded = model.decode(model.encode(frames, level), level);
    return decoded.sub(frames).square().mean().dataSync()[0]!;
  });
}

Deno.test("a network that starts from components is a linear code of small frames", () => {
  const before = tf.memory().numTensors;
  const errors = [0, 8].map((globalSize) => {
    using model = new SequentialVae({ ...shape, globalSize });
    const start = fitSequentialStart(model.shape, segments, [0.001, 0.01]);
    assertEquals(start.global === undefined, globalSize === 0);
    model.startFrom(start);
    const { mean, local, global } = start;
    tf.dispose([mean, local.components, ...global ? [global.components] : []]);
    return errorOf(model);
  });
  // The global code adds what stays.
  assertLess(errors[1]!, errors[0]!);
  {
    using random = new SequentialVae(shape);
    assertLess(errors[0]!, errorOf(random) / 5);
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("components are orthogonal, and their numbers are measured", () => {
  const start = fitSequentialStart(shape, segments, [0.001, 0.004]);
  const { mean, local, global } = start;
  tf.tidy(() => {
    const all = tf.concat([local.components, global!.components], 1);
    const products = all.matMul(all, true, false).sub(tf.eye(20));
    assertLess(products.abs().max().dataSync()[0]!, 1e-3);
  });
  const { deviations, gains, kept } = local.prior;
  for (let i = 1; i < 12; i++) {
    assertLess(deviations[i]!, deviations[i - 1]! + 1e-6);
  }
  assertEquals(kept.every((value) => value >= 0 && value < 1), true);
  // Four times the weight of errors: half the step.
  assertAlmostEquals(gains[1]! - gains[0]!, 1, 1e-9);
  // Bits against errors: −log2 s, and λ · 255² · s² / 12 of 16 · 16 pixels'
  // mean over 48 numbers; the least of both is at this step.
  const cost = (s: number) =>
    -Math.log2(s) / 256 + 0.001 * 255 ** 2 * s ** 2 / 12 / 48;
  const step = 2 ** -gains[0]!;
  assertLess(cost(step), Math.min(cost(1.05 * step), cost(0.95 * step)));
  // Errors of the global code are those of four frames.
  assertAlmostEquals(global!.prior.gains[0]! - gains[0]!, 1, 1e-9);
  tf.dispose([mean, local.components, global!.components]);
});
