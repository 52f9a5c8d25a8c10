import { assertEquals, assertThrows } from "@std/assert";
import { barChart, chartSvg } from "@/charts/mod.ts";
import { assertExpected } from "../expected.ts";

Deno.test("barChart looks as expected", async () => {
  const spec = barChart({
    title: "Attempted fixes",
    label: "PSNR (dB)",
    bars: [
      { name: "no fix", values: [9, 10, 11] },
      { name: "trained on high codes from the start", values: [24, 25] },
      { name: "more capacity", values: [12.5] },
    ],
  });
  await assertExpected("charts/bar.svg", await chartSvg(spec));
});

Deno.test("barChart shows mean and sample standard deviation", () => {
  const bars = [{ name: "a", values: [2, 4, 4, 4, 5, 5, 7, 9] }];
  const spec = barChart({ title: "Bars", label: "dB", bars, digits: 3 });
  assertEquals(spec.description, "dB: a 5.000 ± 2.138.");
});

Deno.test("barChart speaks of whiskers only where there are some", () => {
  const bars = [{ name: "a", values: [1] }];
  const spec = barChart({ title: "Bars", label: "dB", bars });
  assertEquals(spec.title.subtitle, undefined);
});

Deno.test("barChart draws bars below zero, and none", async () => {
  const below = barChart({
    title: "Below",
    label: "BD-rate (%)",
    bars: [{ name: "ours", values: [-12] }],
  });
  assertEquals((await chartSvg(below)).includes("−12.00"), true);
  const none = barChart({ title: "None", label: "dB", bars: [] });
  assertEquals((await chartSvg(none)).includes("NaN"), false);
});

Deno.test("barChart marks one bar and draws the others in grey", async () => {
  const bars = ["a", "b", "c"].map((name) => ({ name, values: [1] }));
  const chart = barChart({ title: "Bars", label: "dB", bars, marked: "b" });
  const fills = (await chartSvg(chart)).matchAll(
    /aria-roledescription="bar"[^>]*fill="([^"]*)"/g,
  );
  const [grey, blue] = ["#555555", "#0072b2"];
  assertEquals(Array.from(fills, ([, fill]) => fill), [grey, blue, grey]);
});

Deno.test("barChart refuses bars that cannot be drawn", () => {
  const draw = (values: number[]) => () =>
    barChart({ title: "Bars", label: "dB", bars: [{ name: "a", values }] });
  assertThrows(
    draw([]),
    RangeError,
    'The values of the bar "a" must be one or more finite numbers, got [].',
  );
  assertThrows(draw([1, NaN]), RangeError, "finite numbers, got NaN.");
});
