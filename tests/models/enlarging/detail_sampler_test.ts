import {
  addDetail,
  DETAIL_CHANNELS,
  detailCondition,
  detailLoss,
  detailNoise,
  detailSampler,
  doubleSize,
  drawDetail,
  takeDetail,
} from "@/models/enlarging/mod.ts";
import { randomNormal, tf } from "@/tensorflow/mod.ts";
import { Adam } from "@/training/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertLess,
  assertNotEquals,
} from "@std/assert";
import { smoothImages } from "../_images.ts";

const shape = { width: 4, innerWidth: 6, blocks: 1 };

function condition(side = 8) {
  const medium = smoothImages(2, side);
  const mean = doubleSize(medium, "lanczos3");
  return { medium, mean, ...detailCondition(medium, mean) };
}

function normal(
  dimensions: [number, number, number, number],
  seed: number,
): tf.Tensor4D {
  return randomNormal(dimensions, seed) as tf.Tensor4D;
}

Deno.test("detail that is taken out and added again is the same image", () => {
  tf.tidy(() => {
    const { mean, seen, scale } = condition();
    assertEquals(seen.shape, [2, 8, 8, 16]);
    assertEquals(scale.shape, [2, 8, 8, 1]);
    const high = tf.randomUniform([2, 16, 16, 3], 0, 1, "float32", 1);
    const detail = takeDetail(high as tf.Tensor4D, mean, scale);
    assertEquals(detail.shape, [2, 8, 8, DETAIL_CHANNELS]);
    const again = addDetail(mean, detail, scale);
    assertLess(again.sub(high).abs().max().dataSync()[0]!, 1e-5);
  });
});

Deno.test("more detail is expected where neighbours differ, little where it is flat", () => {
  tf.tidy(() => {
    const flat = tf.fill([1, 8, 8, 3], 0.5) as tf.Tensor4D;
    const rough = tf.randomUniform([1, 8, 8, 3], 0, 1, "float32", 1);
    const scaleOf = (medium: tf.Tensor) =>
      detailCondition(
        medium as tf.Tensor4D,
        doubleSize(medium as tf.Tensor4D, "lanczos3"),
      ).scale;
    assertAlmostEquals(scaleOf(flat).max().dataSync()[0]!, 0.004, 1e-6);
    assertLess(0.05, scaleOf(rough).min().dataSync()[0]!);
  });
});

Deno.test("a new sampler knows the line between noise and detail of variance 1", () => {
  tf.tidy(() => {
    using sampler = detailSampler(shape, 1);
    const { seen } = condition();
    const state = normal([2, 8, 8, 12], 1);
    const at = (time: number) =>
      sampler.velocity(state, seen, tf.tensor1d([time, time]));
    const ratio = (time: number) => at(time).div(state).mean().dataSync()[0]!;
    // (2t − 1) / (t² + (1 − t)²)
    assertAlmostEquals(ratio(0), -1, 1e-5);
    assertAlmostEquals(ratio(0.5), 0, 1e-5);
    assertAlmostEquals(ratio(0.75), 0.5 / 0.625, 1e-5);
    assertAlmostEquals(ratio(1), 1, 1e-5);
  });
});

Deno.test("the sampler's loss is what a hand computes", () => {
  tf.tidy(() => {
    const still = {
      ...detailSampler(shape, 1),
      velocity: (state: tf.Tensor4D) => tf.zerosLike(state).add(0.5),
    };
    const values = (all: number[]) => tf.tensor4d(all, [2, 1, 1, 1]);
    const loss = detailLoss(
      still as unknown as ReturnType<typeof detailSampler>,
      {
        detail: values([1, 0]),
        noise: values([0, 2]),
        seen: values([0, 0]),
        time: tf.tensor1d([0.2, 0.7]),
      },
    );
    // Directions 1 and −2, found 0.5 and 0.5.
    assertAlmostEquals(
      loss.dataSync()[0]!,
      (0.5 ** 2 + 2.5 ** 2) / 2,
      1e-6,
    );
  });
});

Deno.test("training lowers the loss, and all weights take part", () => {
  const before = tf.memory().numTensors;
  {
    using sampler = detailSampler(shape, 1);
    using adam = new Adam(sampler.weights());
    const parts = tf.tidy(() => {
      const { seen } = condition();
      return {
        seen,
        detail: normal([2, 8, 8, 12], 1),
        noise: normal([2, 8, 8, 12], 2),
        time: tf.tensor1d([0.3, 0.8]),
      };
    });
    const starts = new Map(
      Array.from(sampler.weights(), ([name, w]) => [name, w.dataSync()]),
    );
    const step = () =>
      tf.tidy(() =>
        adam.minimize(tf.scalar(3e-3), () => ({
          loss: detailLoss(sampler, parts),
        })).loss.dataSync()[0]!
      );
    const losses = Array.from({ length: 30 }, step);
    assertLess(losses.at(-1)!, 0.95 * losses[0]!);
    for (const [name, weight] of sampler.weights()) {
      assertNotEquals(weight.dataSync(), starts.get(name), name);
    }
    tf.dispose(Object.values(parts));
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a draw depends on its seed and on nothing else", () => {
  const before = tf.memory().numTensors;
  {
    using sampler = detailSampler(shape, 1);
    const { seen, ...others } = condition();
    const draw = (seed: number) => {
      const noise = tf.tensor4d(
        [...detailNoise(8, 8, seed), ...detailNoise(8, 8, seed)],
        [2, 8, 8, 12],
      );
      const detail = drawDetail(sampler.velocity, { seen, noise, steps: 3 });
      const values = detail.dataSync();
      tf.dispose([noise, detail]);
      return values;
    };
    assertEquals(draw(1), draw(1));
    assertNotEquals(draw(1), draw(2));
    tf.dispose([seen, ...Object.values(others)]);
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("multiplications are counted at each size", () => {
  using sampler = detailSampler(shape, 1);
  const outer = 9 * (28 * 4 + 4 * 4 * 4 + 4 * 12);
  const inner = 9 * (4 * 6 + 2 * 6 * 6) + 6 * 16;
  assertEquals(sampler.multiplyAdds, outer / 4 + inner / 16);
});
