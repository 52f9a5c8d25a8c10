import { seededRandom } from "@/random/seeded_random.ts";
import { assert, assertEquals } from "@std/assert";

const draw = (count: number, ...keys: (number | string)[]) => {
  const random = seededRandom(...keys);
  return Array.from({ length: count }, random);
};

Deno.test("seededRandom() is pinned: old runs can be repeated", () => {
  assertEquals(
    draw(3, 7, "a").map((value) => value * 2 ** 32),
    [4096180316, 1381704411, 1051888053],
  );
});

Deno.test("seededRandom() is uniform", () => {
  const values = draw(100_000, "uniform");
  const counts = new Array(10).fill(0);
  for (const value of values) {
    assert(value >= 0 && value < 1);
    counts[Math.floor(value * 10)]++;
  }
  // Chi-square with 9 degrees of freedom: above 33.7 once in 10 000 seeds.
  const chi = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
  assert(chi < 33.7, `${chi}`);
});

Deno.test("seededRandom() gives unrelated streams for neighbouring keys", () => {
  for (const [a, b] of [[[1], [2]], [[1, 12], [11, 2]], [["a"], ["b"]]]) {
    const one = draw(10_000, ...a!);
    const two = draw(10_000, ...b!);
    const covariance = one.reduce(
      (sum, value, i) => sum + (value - 0.5) * (two[i]! - 0.5),
      0,
    ) / 10_000;
    // Standard error 1 / 12 / 100; five of them.
    assert(Math.abs(covariance) < 0.0042, `${a} ${b}: ${covariance}`);
  }
});

Deno.test("seededRandom() starts differently for 1000 seeds", () => {
  const first = Array.from({ length: 1000 }, (_, seed) => draw(1, seed)[0]);
  assertEquals(new Set(first).size, 1000);
  const mean = first.reduce<number>((sum, value) => sum + value!, 0) / 1000;
  assert(Math.abs(mean - 0.5) < 0.05, `${mean}`);
});
