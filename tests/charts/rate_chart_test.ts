import { assert, assertEquals, assertThrows } from "@std/assert";
import { chartSvg, hoverChart, palette, rateChart } from "@/charts/mod.ts";
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
    "The quality of PNG at 8 bits per pixel must be finite in decibels, got Infinity.",
  );
  assertThrows(draw(0, 30), RangeError, "The rate of PNG must be positive");
});

/** Shape, stroke and fill of a point. */
function look(path: string): string {
  const value = (name: string) =>
    path.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? "";
  return [value("d"), value("stroke"), value("fill")].join(" ");
}

/** How each codec's points look in the plot, and how its symbol looks. */
function looks(svg: string): { plot: object; legend: object } {
  const plot: Record<string, string[]> = {};
  for (
    const [path, codec] of svg.matchAll(
      /<path aria-label="[^"]*codec: ([^"]+)"[^>]*description="point"[^>]*>/g,
    )
  ) {
    plot[codec!] = [...new Set([...plot[codec!] ?? [], look(path)])];
  }
  const symbols = svg.matchAll(/role-legend-symbol[^>]*><(path[^>]*)>/g);
  const labels = svg.matchAll(/role-legend-label[^>]*><text[^>]*>([^<]*)</g);
  const names = Array.from(labels, ([, name]) => name!);
  const legend = Array.from(
    symbols,
    ([, path], i) => [names[i]!, [look(path!)]],
  );
  return { plot, legend: Object.fromEntries(legend) };
}

Deno.test("rateChart shows nine codecs in the legend as in the plot, live too", async () => {
  const codecs = palette.map((_, i) => `codec ${i}`);
  const spec = rateChart({
    title: "Rates",
    points: codecs.flatMap((codec, i) => [
      { codec, bpp: 0.2, psnrDb: 24 + i },
      { codec, bpp: 1, psnrDb: 30 + i },
    ]),
    ours: codecs.slice(0, 2),
  });
  const { plot, legend } = looks(await chartSvg(spec));
  assertEquals(Object.keys(plot), codecs);
  assertEquals(legend, plot);
  const live = looks(await chartSvg(hoverChart(spec)));
  assertEquals(live.legend, legend);
  const all = Object.values(plot).flat() as string[];
  assertEquals(all.length, 9);
  const [shapes, strokes, fills] = [0, 1, 2].map((part) =>
    all.map((look) => look.split(" ")[part]!)
  );
  assertEquals(new Set(shapes).size, 9);
  assertEquals(strokes, [...palette]);
  // Ours are filled, the others are open.
  assertEquals(fills, [...palette.slice(0, 2), ...Array(7).fill("#ffffff")]);
});

Deno.test("rateChart refuses more codecs than it has colours for", () => {
  const points = Array.from(
    { length: 10 },
    (_, i) => ({ codec: `codec ${i}`, bpp: 1, psnrDb: 30 }),
  );
  assertThrows(
    () => rateChart({ title: "Rates", points }),
    RangeError,
    "points must be of at most 9 codecs, got",
  );
});
