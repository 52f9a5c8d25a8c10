import { LatentPrior, type PriorShape } from "@/models/mod.ts";
import { randomNormal, tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";

const shape: PriorShape = { size: 5, hidden: 7, levels: 2, seed: 1 };

/** Random values, so that nothing is 0. */
function disturb(prior: LatentPrior): void {
  [...prior.weights().values()].forEach((weight, i) =>
    tf.tidy(() =>
      weight.assign(weight.add(randomNormal(weight.shape, i).mul(0.3)))
    )
  );
}

/** What the network and the plain numbers expect, step by step. */
function compare(prior: LatentPrior, level: number): void {
  const { size } = prior.shape;
  const sequence = [0, 1, 2].map((t) =>
    Array.from({ length: size }, (_, i) => Math.sin(3 * t + i) * 6)
  );
  const follow = prior.follow(level);
  let state: tf.Tensor2D | undefined;
  [undefined, ...sequence].forEach((before) => {
    const expected = prior.expect(
      tf.tensor2d([level === 0 ? [1, 0] : [0, 1]]),
      before && tf.tensor2d([before]),
      state,
    );
    state = expected.state;
    const numbers = follow(before);
    for (const name of ["mean", "scale"] as const) {
      const values = expected[name].dataSync();
      assertEquals(values.length, size);
      values.forEach((value, i) =>
        assertAlmostEquals(value, numbers[name][i]!, 2e-5)
      );
    }
  });
}

Deno.test("plain numbers expect what the network expects, at each step", () => {
  for (const hidden of [0, 7]) {
    using prior = new LatentPrior({ ...shape, hidden });
    disturb(prior);
    tf.tidy(() => [0, 1].forEach((level) => compare(prior, level)));
  }
});

Deno.test("a prior with a memory depends on all that was before", () => {
  using prior = new LatentPrior(shape);
  disturb(prior);
  const after = (first: number) => {
    const follow = prior.follow(0);
    follow();
    follow(Array(5).fill(first));
    return follow(Array(5).fill(1));
  };
  const [one, other] = [after(0), after(3)];
  const changes = one.mean.map((value, i) => Math.abs(value - other.mean[i]!));
  assertGreater(Math.max(...changes), 0.01);
});

Deno.test("a prior without a memory expects the same at each step", () => {
  using prior = new LatentPrior({ ...shape, hidden: 0 });
  disturb(prior);
  const follow = prior.follow(1);
  assertEquals(follow(), follow([9, 9, 9, 9, 9]));
  assertEquals([...prior.weights().keys()], ["mean", "scale"]);
});

Deno.test("a new prior expects half of the latents before", () => {
  using prior = new LatentPrior(shape);
  const follow = prior.follow(0);
  assertEquals([...follow().mean], [0, 0, 0, 0, 0]);
  assertEquals([...follow([2, 4, 6, 8, 10]).mean], [1, 2, 3, 4, 5]);
  assertEquals([...follow().scale], [4, 4, 4, 4, 4]);
});

Deno.test("a prior that starts from measurements expects them", () => {
  const start = {
    gains: [2, 5],
    deviations: [1, 2, 0.5, 4, 0],
    kept: [0, 0.6, 0.8, 1, 0],
  };
  for (const hidden of [0, 7]) {
    using prior = new LatentPrior({ ...shape, hidden });
    prior.startFrom(start);
    const follow = prior.follow(1);
    const first = [...follow().scale];
    [5, 6, 4, 7].forEach((value, i) =>
      assertAlmostEquals(first[i]!, value, 1e-6)
    );
    const next = follow([10, 10, 10, 10, 10]);
    if (hidden === 0) assertEquals([...next.scale], first);
    else {
      [0, 6, 8, 10, 0].forEach((value, i) =>
        assertAlmostEquals(next.mean[i]!, value, 1e-5)
      );
      // What is kept of the variance need not be coded.
      assertAlmostEquals(next.scale[1]!, 6 + Math.log2(0.8), 1e-3);
      assertAlmostEquals(next.scale[2]!, 4 + Math.log2(0.6), 1e-3);
    }
  }
});
