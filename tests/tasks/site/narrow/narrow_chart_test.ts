import { assert, assertEquals } from "@std/assert";
import {
  barChart,
  type Chart,
  chartSvg,
  hoverChart,
  lossChart,
  planeChart,
} from "@/charts/mod.ts";
import { narrowChart, wrapWords } from "@/tasks/site/narrow/narrow_chart.ts";
import { sampleRun } from "../../../charts/_sample.ts";

const title = "A title that is too long for one line of a narrow screen";
const names = ["medium decoder, high code", "medium decoder, own code"];
const charts: Record<string, Chart> = {
  loss: lossChart({ title, runs: names.map((name) => sampleRun(name, 40)) }),
  bar: barChart({
    title,
    label: "PSNR (dB)",
    bars: names.map((name) => ({ name, values: [31, 33] })),
  }),
};

/** Width of the picture. */
async function widthOf(chart: Chart): Promise<number> {
  return Number(/ width="(\d+)"/.exec(await chartSvg(chart))![1]);
}

for (const [name, chart] of Object.entries(charts)) {
  Deno.test(`narrowChart brings a ${name} chart to the width of a phone`, async () => {
    const natural = await widthOf(chart);
    assert(natural > 500);
    const narrow = narrowChart(hoverChart(chart), natural, 328);
    assertEquals(await widthOf(narrow), 328);
    const lines = narrow.title.text as unknown as string[];
    assertEquals(lines.join(" "), title);
    assertEquals(lines.length, 2);
  });
}

Deno.test("narrowChart puts legends under one another", async () => {
  const lefts = async (chart: Chart) => {
    const svg = await chartSvg(chart);
    const legend = /role-legend".*?translate\(([\d.]+),/g;
    return new Set(Array.from(svg.matchAll(legend), ([, left]) => left)).size;
  };
  assertEquals(await lefts(charts["loss"]!), 2);
  assertEquals(await lefts(narrowChart(charts["loss"]!, 640, 328)), 1);
});

Deno.test("narrowChart breaks a long label of an axis, and columns of a legend", async () => {
  const label =
    "Difference between neighbouring pixels, relative to the original";
  const bar = barChart({ title, label, bars: [{ name: "ours", values: [1] }] });
  const words = async (chart: Chart) =>
    Array.from((await chartSvg(chart)).matchAll(/>([^<>]+)</g), ([, t]) => t);
  assert((await words(bar)).includes(label));
  const lines = (await words(narrowChart(bar, 640, 328)))
    .filter((text) => text !== "" && label.includes(text!));
  assertEquals(lines.join(" "), label);
  assert(lines.length > 1);
  const plane = planeChart({
    title,
    xLabel: "PSNR (dB)",
    yLabel: "Distance",
    points: names.map((name, i) => ({ name, x: i, y: i })),
  });
  assertEquals(JSON.stringify(plane).includes('"columns":3'), true);
  const narrow = narrowChart(plane, 640, 328);
  assertEquals(JSON.stringify(narrow).includes('"columns":3'), false);
});

Deno.test("narrowChart leaves a chart alone where there is room", () => {
  assertEquals(narrowChart(charts["bar"]!, 600, 700), charts["bar"]);
});

Deno.test("wrapWords breaks lines between words", () => {
  assertEquals(wrapWords("one two three", 7), ["one two", "three"]);
  assertEquals(wrapWords("extraordinary a b", 3), ["extraordinary", "a b"]);
  assertEquals(wrapWords("", 3), [""]);
});
