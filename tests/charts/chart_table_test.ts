import { assertEquals } from "@std/assert";
import {
  barChart,
  type Chart,
  chart,
  chartTable,
  lossChart,
  rateChart,
} from "@/charts/mod.ts";
import { sampleRun } from "./_sample.ts";

Deno.test("chartTable gives the bars with the text beside them", () => {
  const table = chartTable(barChart({
    title: "Fixes",
    label: "PSNR (dB)",
    bars: [{ name: "none", values: [20] }, { name: "all", values: [21, 23] }],
  }));
  assertEquals(table.caption, "Fixes");
  assertEquals(table.columns.map(({ title }) => title), ["Name", "PSNR (dB)"]);
  assertEquals(table.rows, [["none", "20.00"], ["all", "22.00 ± 1.41"]]);
});

Deno.test("chartTable gives curves a column each and steps a row each", () => {
  const runs = [sampleRun("a", 8), sampleRun("b", 4, 2)];
  const { caption, columns, rows } = chartTable(
    lossChart({ title: "Loss", runs }),
  );
  assertEquals(caption, "Loss: Loss, log scale");
  assertEquals(columns.map(({ title }) => title), [
    ...["Step", "a, training", "a, validation"],
    ...["b, training", "b, validation"],
  ]);
  assertEquals(rows.length, 8);
  assertEquals(rows[0], [1, 0.51, null, 1.02, 1.224]);
  assertEquals(rows[7]!.slice(3), [null, null]);
});

Deno.test("chartTable holds every point of a chart", () => {
  const points = [
    { codec: "ours", bpp: 0.5, psnrDb: 30 },
    { codec: "JPEG", bpp: 0.25, psnrDb: 28 },
    { codec: "JPEG", bpp: 0.5, psnrDb: 29 },
  ];
  const { rows } = chartTable(rateChart({ title: "Rates", points }));
  assertEquals(rows, [[0.25, null, 28], [0.5, 30, 29]]);
});

Deno.test("chartTable lists the fields of a chart that it does not know", () => {
  const pie: Chart = chart({ title: "Shares", description: "" }, {
    data: { values: [{ part: "a", share: 1 }, { part: "b", other: "x" }] },
    mark: "arc",
    encoding: { theta: { field: "share", type: "quantitative" } },
  });
  const { columns, rows } = chartTable(pie);
  assertEquals(columns.map(({ title }) => title), ["part", "share", "other"]);
  assertEquals(rows, [["a", 1, null], ["b", null, "x"]]);
});
