import { assert, assertEquals, assertThrows } from "@std/assert";
import { chartSvg, rateChart } from "@/charts/mod.ts";
import { assertExpected } from "../expected.ts";

const points = [
  { codec: "JPEG", bpp: 2, psnrDb: 34, msssim: 0.99 },
  { codec: "JPEG", bpp: 0.2, psnrDb: 24, msssim: 0.9 },
  { codec: "AVIF", bpp: 0.2, psnrDb: 27, msssim: 0.93 },
  { codec: "AVIF", bpp: 2, psnrDb: 37, msssim: 0.995 },
  { codec: "one code", bpp: 0.6, psnrDb: 29, msssim: 0.95 },
];

Deno.test("rateChart looks as expected", async () => {
  const spec = rateChart({
    title: "Rate and quality",
    subtitle: "Mean of 24 photos",
    points,
    ours: ["one code"],
  });
  await assertExpected("charts/rate.svg", await chartSvg(spec));
});

Deno.test("rateChart puts ours first and sorts by rate", () => {
  const spec = rateChart({ title: "Rates", points, ours: ["one code"] });
  const { values } = spec["data"] as {
    values: { codec: string; bpp: number }[];
  };
  assertEquals(
    values.map(({ codec, bpp }) => `${codec} ${bpp}`),
    ["one code 0.6", "JPEG 0.2", "JPEG 2", "AVIF 0.2", "AVIF 2"],
  );
});

Deno.test("rateChart shows MS-SSIM in decibels", () => {
  const spec = rateChart({ title: "Rates", points, quality: "msssim" });
  assert(spec.description.includes("JPEG: 10 dB at 0.2 bpp to 20 dB"));
});

Deno.test("rateChart refuses lossless and free points", () => {
  const draw = (bpp: number, psnrDb: number) => () =>
    rateChart({ title: "Rates", points: [{ codec: "PNG", bpp, psnrDb }] });
  assertThrows(
    draw(8, Infinity),
    RangeError,
    "PNG has the quality Infinity at 8 bpp",
  );
  assertThrows(draw(0, 30), RangeError, "PNG has the rate 0");
});
