import { learningRate } from "@/training/mod.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";

const settings = { peak: 0.01, warmUpSteps: 10 };

Deno.test("the rate rises in a line to its peak", () => {
  const rates = [1, 2, 5, 9, 10].map((step) =>
    learningRate(step, 110, settings)
  );
  const expected = [0.001, 0.002, 0.005, 0.009, 0.01];
  rates.forEach((rate, i) => assertAlmostEquals(rate, expected[i]!, 1e-12));
});

Deno.test("the rate falls in half a cosine to its floor", () => {
  const at = (step: number) => learningRate(step, 110, settings);
  assertAlmostEquals(at(60), 0.01 * (0.02 + 0.98 / 2), 1e-12);
  assertAlmostEquals(at(35), 0.01 * (0.02 + 0.98 * 0.853553), 1e-7);
  assertAlmostEquals(at(110), 0.0002, 1e-12);
  for (let step = 11; step <= 110; step++) {
    assertLess(at(step), at(step - 1));
  }
});

Deno.test("the floor is a share of the peak", () => {
  const rate = (floor: number) =>
    learningRate(50, 50, { peak: 0.01, warmUpSteps: 0, floor });
  assertAlmostEquals(rate(0), 0, 1e-12);
  assertAlmostEquals(rate(0.5), 0.005, 1e-12);
  assertAlmostEquals(rate(1), 0.01, 1e-12);
});

Deno.test("a run that is no longer than its warm-up has finite rates", () => {
  assertEquals(learningRate(1, 1, { peak: 0.01, warmUpSteps: 0 }), 0.0002);
  assertEquals(learningRate(2, 2, { peak: 0.01, warmUpSteps: 4 }), 0.005);
  assertEquals(learningRate(4, 4, { peak: 0.01, warmUpSteps: 4 }), 0.01);
});
