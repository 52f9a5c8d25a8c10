import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  barChart,
  type Chart,
  chartAlt,
  chartSvg,
  lossChart,
} from "@/charts/mod.ts";
import { sampleRun } from "./_sample.ts";

const bars = [{ name: "a & b", values: [1, 2] }];
const spec = barChart({ title: 'A <b> "quoted"', label: "dB", bars });

Deno.test("chartSvg escapes names and carries the alt text", async () => {
  const svg = await chartSvg(spec);
  const alt = "A &lt;b&gt; &quot;quoted&quot;. dB: a &amp; b 1.50 ± 0.71.";
  assertStringIncludes(svg, `<svg role="img" aria-label="${alt}"`);
  assertEquals(svg.includes("<b>"), false);
  assertEquals(chartAlt(spec), 'A <b> "quoted". dB: a & b 1.50 ± 0.71.');
});

Deno.test("chartSvg gives the same text whatever was drawn before", async () => {
  const first = await chartSvg(spec);
  await chartSvg(lossChart({ title: "x", runs: [sampleRun("x", 8)] }));
  assertEquals(await chartSvg(spec), first);
});

Deno.test("chartSvg writes short coordinates and leaves labels alone", async () => {
  const run = sampleRun("x", 40);
  const svg = await chartSvg(lossChart({ title: "0.12345", runs: [run] }));
  assertStringIncludes(svg, ">0.12345<");
  const places = svg.match(/ transform="[^"]*"/g) ?? [];
  assertEquals(places.filter((place) => /\.\d{3}/.test(place)), []);
});

Deno.test("chartSvg refuses a specification that Vega-Lite warns about", async () => {
  const wrong: Chart = { ...spec, encoding: { blob: { field: "name" } } };
  await assertRejects(
    () => chartSvg(wrong),
    Error,
    "The chart cannot be drawn:",
  );
});
