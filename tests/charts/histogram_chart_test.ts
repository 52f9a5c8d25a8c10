import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Chart, chartSvg, histogramChart } from "@/charts/mod.ts";
import { assertExpected } from "../expected.ts";

interface Row {
  readonly group: string;
  readonly x: number;
  readonly share: number;
}

function rowsOf(spec: Chart, name: string): readonly Row[] {
  const { values } = spec["data"] as { values: Row[] };
  return values.filter(({ group }) => group === name);
}

const groups = [
  { name: "medium", values: Float32Array.of(0, 1, 1, 2, 2, 2, 3, 4) },
  { name: "high", values: [2, 3, 4, 4] },
];

Deno.test("histogramChart looks as expected", async () => {
  const title = "Channel means";
  const spec = histogramChart({ title, label: "Mean", groups, bins: 8 });
  await assertExpected("charts/histogram.svg", await chartSvg(spec));
});

Deno.test("histogramChart counts every value once", () => {
  const title = "Channel means";
  const spec = histogramChart({ title, label: "Mean", groups, bins: 4 });
  const high = rowsOf(spec, "high");
  assertEquals(high.map(({ x }) => x), [0, 1, 2, 3, 4]);
  assertEquals(high.map(({ share }) => share), [0, 0, 0.25, 0.75, 0.75]);
  const medium = rowsOf(spec, "medium").slice(0, -1);
  assertAlmostEquals(medium.reduce((sum, { share }) => sum + share, 0), 1);
});

Deno.test("histogramChart draws a group of equal values", async () => {
  const spec = histogramChart({
    title: "Constant",
    label: "Mean",
    groups: [{ name: "dead", values: [3, 3, 3] }],
    bins: 2,
  });
  assertEquals(rowsOf(spec, "dead").map(({ x }) => x), [2.5, 3, 3.5]);
  assertEquals((await chartSvg(spec)).includes("NaN"), false);
});

Deno.test("histogramChart refuses what it cannot count", () => {
  const draw = (values: number[], bins = 4) => () =>
    histogramChart({
      title: "Wrong",
      label: "Mean",
      groups: [{ name: "a", values }],
      bins,
    });
  assertThrows(
    draw([]),
    RangeError,
    'The values of the group "a" must be one or more finite numbers, got [].',
  );
  assertThrows(
    draw([1, Infinity]),
    RangeError,
    "finite numbers, got Infinity.",
  );
  assertThrows(
    draw([1], 0),
    RangeError,
    "bins must be a whole number of at least 1, got 0.",
  );
});
