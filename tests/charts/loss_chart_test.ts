import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Chart, chartSvg, lossChart, palette } from "@/charts/mod.ts";
import { assertExpected } from "../expected.ts";
import { sampleRun } from "./_sample.ts";

interface Row {
  readonly run: string;
  readonly kind: string;
  readonly step: number;
  readonly loss: number;
}

function rowsOf(spec: Chart): readonly Row[] {
  return (spec["data"] as { values: Row[] }).values;
}

Deno.test("lossChart of one run looks as expected", async () => {
  const runs = [sampleRun("medium", 40)];
  const spec = lossChart({ title: "Medium", label: "MSE", runs });
  await assertExpected("charts/loss_one_run.svg", await chartSvg(spec));
});

Deno.test("lossChart of two runs looks as expected", async () => {
  const runs = [sampleRun("medium", 40), sampleRun("high", 40, 2)];
  const spec = lossChart({ title: "Medium and high", runs });
  await assertExpected("charts/loss_two_runs.svg", await chartSvg(spec));
});

Deno.test("lossChart keeps fewer than 500 training points", () => {
  const runs = [sampleRun("a", 20_000), sampleRun("b", 8)];
  const rows = rowsOf(lossChart({ title: "Long", runs }));
  const training = rows.filter(({ kind }) => kind === "training");
  assertEquals(training.length, 240 + 8);
  const validation = rows.filter(({ kind }) => kind === "validation");
  assertEquals(validation.map(({ step }) => step), [
    ...[5000, 10_000, 15_000, 20_000],
    ...[2, 4, 6, 8],
  ]);
});

Deno.test("lossChart says where a loss stopped being finite", () => {
  const spec = lossChart({
    title: "Diverged",
    runs: [{
      name: "high",
      history: [
        { kind: "step", step: 1, loss: 0.5 },
        { kind: "step", step: 2, loss: null },
        { kind: "step", step: 3, loss: NaN },
      ],
    }],
  });
  assertEquals(spec.title.subtitle, "Not finite from step 2");
  assertEquals(rowsOf(spec).map(({ step }) => step), [1]);
});

Deno.test("lossChart draws a loss below zero on a linear scale", async () => {
  const history = [
    { kind: "step" as const, step: 1, loss: 0.5 },
    { kind: "step" as const, step: 2, loss: -0.5 },
  ];
  const svg = await chartSvg(
    lossChart({ title: "Negative", runs: [{ name: "vae", history }] }),
  );
  assertEquals(svg.includes("log scale"), false);
  assertStringIncludes(svg, "−0.4");
});

Deno.test("lossChart draws a run that has no records yet", async () => {
  const runs = [{ name: "medium", history: [] }];
  const spec = lossChart({ title: "Empty", runs });
  assertEquals(spec.description, "No losses yet.");
  const svg = await chartSvg(spec);
  assertEquals(/NaN|undefined/.test(svg), false);
});

Deno.test("lossChart colours a single run by the kind of loss", async () => {
  const svg = await chartSvg(
    lossChart({ title: "One", runs: [sampleRun("medium", 8)] }),
  );
  assertStringIncludes(svg, `stroke="${palette[0]}"`);
  assertStringIncludes(svg, `stroke="${palette[1]}"`);
});

Deno.test("lossChart names the runs where there are several", () => {
  const diverged = {
    name: "b",
    history: [{ kind: "step" as const, step: 3, loss: Infinity }],
  };
  const runs = [sampleRun("a", 4), diverged];
  const spec = lossChart({ title: "Two", runs });
  assertEquals(spec.title.subtitle, "b: not finite from step 3");
  assertStringIncludes(spec.description, "a: training loss from 0.51 to");
  assertStringIncludes(spec.description, "; b: no losses yet.");
});
