import { kernelDistance, splitDistance, standardizer } from "@/metrics/mod.ts";
import { normalNumbers, seededRandom } from "@/random/seeded_random.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";

/** Rows of normally distributed numbers, moved by `shift`. */
function rows(count: number, width: number, seed: string, shift = 0) {
  const random = seededRandom(seed);
  return Array.from(
    { length: count },
    () => Float64Array.from(normalNumbers(random, width), (x) => x + shift),
  );
}

Deno.test("the kernel distance is what a hand computes", () => {
  const a = [Float64Array.of(1, 0), Float64Array.of(0, 2)];
  const b = [Float64Array.of(1, 2), Float64Array.of(0, 0)];
  // Kernels (x·y / 2 + 1)³: within a 1, within b 1; between (1.5)³, 1, 3³, 1.
  assertAlmostEquals(
    kernelDistance(a, b),
    1 + 1 - 2 * (1.5 ** 3 + 1 + 27 + 1) / 4,
  );
  assertThrows(
    () => kernelDistance(a, b.slice(1)),
    RangeError,
    "A kernel distance needs two rows on either side, got 2 and 1.",
  );
});

Deno.test("sets of one distribution are about 0 apart, others are farther", () => {
  const one = rows(400, 4, "a"), other = rows(400, 4, "b");
  const near = kernelDistance(one, other);
  assertLess(Math.abs(near), 0.05);
  const moved = kernelDistance(one, rows(400, 4, "b", 0.5));
  assertGreater(moved, 10 * Math.abs(near));
  assertGreater(kernelDistance(one, rows(400, 4, "b", 1)), moved);
});

Deno.test("splits compare no row with its own original", () => {
  const originals = rows(300, 3, "a");
  // Even a perfect copy is as far as originals at other places are.
  assertEquals(
    splitDistance(originals, originals, 4, 1),
    splitDistance(originals.map((row) => row.slice()), originals, 4, 1),
  );
  const noise = splitDistance(originals, originals, 4, 1);
  assertLess(Math.abs(noise.distance), 4 * noise.spread + 0.05);
  const moved = originals.map((row) => row.map((x) => x + 1));
  assertGreater(
    splitDistance(moved, originals, 4, 1).distance,
    noise.distance + 10 * noise.spread,
  );
});

Deno.test("standardised rows have mean 0 and deviation 1", () => {
  const set = [[1, 5, 7], [3, 5, 9]].map((row) => Float64Array.from(row));
  const standardise = standardizer(set);
  const half = Math.SQRT1_2;
  assertAlmostEquals(standardise(set[0]!)[0]!, -half);
  assertAlmostEquals(standardise(set[1]!)[2]!, half);
  assertEquals(standardise(set[0]!)[1], 0);
});
