import { chartSvg, chartTable, planeChart } from "@/charts/mod.ts";
import {
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";

const labels = { title: "Plane", xLabel: "PSNR (dB)", yLabel: "Distance" };

Deno.test("planeChart draws a point for each, and says their places", async () => {
  const spec = planeChart({
    ...labels,
    points: [
      { name: "mean", x: 35.2, y: 0.1 },
      { name: "draw", x: 32.1, y: -0.001 },
    ],
    floor: { value: 0.004, text: "noise" },
  });
  assertEquals(
    spec.description,
    "Distance over PSNR (dB). mean: 35.20, 0.1000; draw: 32.10, −0.0010.",
  );
  const svg = await chartSvg(spec);
  assertEquals(svg.match(/aria-roledescription="point"/g)?.length, 2);
  assertStringIncludes(svg, ">noise<");
  assertMatch(svg, />draw</);
  assertEquals(svg.includes("NaN"), false);
});

Deno.test("the numbers of planeChart are a table", () => {
  const points = [{ name: "a", x: 1, y: 0.5 }, { name: "b", x: 2, y: 0 }];
  const table = chartTable(planeChart({ ...labels, points }));
  assertEquals(table.rows, [[1, 0.5, null], [2, null, 0]]);
});

Deno.test("planeChart refuses points that have no place", () => {
  assertThrows(
    () => planeChart({ ...labels, points: [{ name: "a", x: NaN, y: 0 }] }),
    RangeError,
    'The point "a" must be two finite numbers',
  );
  const points = Array.from({ length: 10 }, (_, i) => ({
    name: `${i}`,
    x: i,
    y: i,
  }));
  assertThrows(() => planeChart({ ...labels, points }), RangeError, "names");
});
