import { assert, assertEquals } from "@std/assert";
import {
  barChart,
  type Chart,
  chart,
  chartSvg,
  histogramChart,
  hoverChart,
  lossChart,
  rateChart,
} from "@/charts/mod.ts";
import { sampleRun } from "./_sample.ts";

const groups = [{ name: "a", values: [0, 1, 1, 2] }];
const points = [{ codec: "JPEG", bpp: 0.5, psnrDb: 28.1 }];
const charts: Record<string, Chart> = {
  loss: lossChart({ title: "Loss", runs: [sampleRun("a", 8)] }),
  histogram: histogramChart({ title: "Values", label: "Value", groups }),
  rate: rateChart({ title: "Rates", points }),
};

for (const [name, plain] of Object.entries(charts)) {
  Deno.test(`hoverChart marks the next point of a ${name} chart`, async () => {
    const hover = hoverChart(plain);
    const svg = await chartSvg(hover); // throws where Vega-Lite has objections
    const voronoi = /<g class="mark-path[^"]*voronoi"/;
    assert(voronoi.test(svg));
    assertEquals(voronoi.test(await chartSvg(plain)), false);
  });
}

Deno.test("hoverChart names what a bar is and its value", () => {
  const bars = [{ name: "a", values: [1] }];
  const { layer } = hoverChart(
    barChart({ title: "Bars", label: "dB", bars }),
  ) as unknown as {
    layer: { encoding: { tooltip: { field: string; title: string }[] } }[];
  };
  const { tooltip } = layer[0]!.encoding;
  assertEquals(tooltip.map(({ field }) => field), ["name", "text"]);
  assertEquals(tooltip[1]!.title, "dB");
});

Deno.test("hoverChart leaves a chart without axes as it is", () => {
  const plain = chart({ title: "", description: "" }, {
    data: { values: [] },
    mark: "arc",
  });
  assertEquals(hoverChart(plain), plain);
});
