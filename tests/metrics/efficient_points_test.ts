import { assertEquals } from "@std/assert";
import { efficientPoints } from "@/metrics/mod.ts";

const points = [
  { bpp: 0.6, psnrDb: 30.9, msssim: 0.97 },
  { bpp: 0.4, psnrDb: 30, msssim: 0.94 },
  { bpp: 0.5, psnrDb: 31, msssim: 0.95 },
  { bpp: 0.5, psnrDb: 30.5, msssim: 0.96 },
  { bpp: 0.8, psnrDb: 31, msssim: 0.98 },
];

Deno.test("efficientPoints() drops what is no better than a cheaper point", () => {
  const kept = efficientPoints(points);
  assertEquals(kept.map(({ bpp }) => bpp), [0.4, 0.5]);
  assertEquals(kept.map(({ psnrDb }) => psnrDb), [30, 31]);
});

Deno.test("efficientPoints() judges by the chosen metric", () => {
  const kept = efficientPoints(points, "msssim");
  assertEquals(kept.map(({ msssim }) => msssim), [0.94, 0.96, 0.97, 0.98]);
});

Deno.test("efficientPoints() leaves its input as it was", () => {
  const copy = [...points];
  efficientPoints(points);
  assertEquals(points, copy);
});
