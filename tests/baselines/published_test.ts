import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { published } from "@/baselines/mod.ts";
import { bdRate, efficientPoints } from "@/metrics/mod.ts";

Deno.test("published curves rise in rate and in both qualities", () => {
  for (const { name, points } of published) {
    assertEquals(points.length, 8);
    assertEquals(efficientPoints(points), [...points]);
    assertEquals(efficientPoints(points, "msssim"), [...points]);
    assertEquals(points.every((point) => point.codec === name), true);
  }
});

Deno.test("published points have the bytes of their rate at 768x512", () => {
  for (const { bytes, bpp } of published.flatMap(({ points }) => points)) {
    assertAlmostEquals(bytes * 8 / (768 * 512), bpp, 2e-5);
  }
});

Deno.test("the published hyperprior saves about a fifth over the factorised prior", () => {
  const [factorized, hyperprior] = published;
  const saving = bdRate(factorized!.points, hyperprior!.points);
  assertGreater(-20, saving);
  assertGreater(saving, -23);
});
