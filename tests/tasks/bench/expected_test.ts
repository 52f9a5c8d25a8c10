import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bytesSent, expectedGrowth } from "@/tasks/bench/expected.ts";

const settings = {
  computeMs: 400,
  gradientBytes: 4e6,
  batch: 16,
  latencyMs: 0.5,
  bytesPerSecond: 1.25e8,
};

Deno.test("a worker of a ring sends nearly twice the gradients", () => {
  assertEquals(bytesSent(1, 100), 0);
  assertEquals(bytesSent(2, 100), 100);
  assertEquals(bytesSent(64, 64), 126);
});

Deno.test("one machine loses nothing, and each more loses some", () => {
  const growth = expectedGrowth([1, 2, 8, 64], settings);
  assertEquals(growth[0], {
    workers: 1,
    stepMs: 400,
    imagesPerSecond: 40,
    efficiency: 1,
  });
  for (let i = 1; i < growth.length; i++) {
    assert(growth[i]!.efficiency < growth[i - 1]!.efficiency);
    assert(growth[i]!.imagesPerSecond > growth[i - 1]!.imagesPerSecond);
  }
  // 252 messages of 0.5 ms, and 7.875 MB at 125 MB a second
  assertAlmostEquals(growth[3]!.stepMs, 400 + 126 + 63, 1e-9);
});
