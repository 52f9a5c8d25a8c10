import { checkTable } from "@/charts/mod.ts";
import type {
  AblationFound,
  AblationMetrics,
  AblationWay,
} from "@/sections/ablation_32x32/types.ts";
import {
  carriesOver,
  carryOverTable,
  fullShares,
  rankCorrelation,
  type RecoveredShares,
  remedies,
  smallShares,
} from "@/sections/ablation_32x32/carry_over.ts";
import {
  ablationCaptureTable,
  ablationFloorTable,
  ablationTable,
  denseTable,
} from "@/sections/ablation_32x32/tables.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";

function found(
  seed: number,
  mediumFromHighDb: number,
  own: number | null = null,
): AblationFound & { seed: number } {
  return {
    seed,
    mediumFromHighDb,
    mediumOwnDb: own,
    highDb: 18,
    highScaledDownDb: 19,
    capture: own === null
      ? null
      : { afterLinearMapDb: 16 + seed, cka: 0.5, explained: 0.75 },
    parameters: 7,
  };
}

const row = (way: AblationWay, ...runs: ReturnType<typeof found>[]) => ({
  kind: "convolutional" as const,
  way,
  runs,
});

const metrics: AblationMetrics = {
  rows: [
    row("none", found(1, 10, 20), found(2, 12, 22)),
    row("capacity", found(1, 9, 20), found(2, 11, 22)),
    row("alternate", found(1, 15, 20), found(2, 17, 22)),
    row("joint", found(1, 22), found(2, 24)),
  ],
  floors: [{
    of: "patches",
    channels: 2,
    highDb: 1,
    mediumOwnDb: 2,
    linearMapDb: 3,
    highScaledDownDb: 4,
    asIsDb: 5,
  }],
  flatDb: 12,
  dense: [
    { size: 4, hidden: [], units: 2, parameters: 9, trainingBytes: 2e9 },
    { size: 8, hidden: [4096], units: 2, parameters: 9, trainingBytes: 1e9 },
  ],
  examples: [],
};

Deno.test("the table of all ways has means, spreads and gaps", () => {
  const table = ablationTable(metrics, "convolutional");
  checkTable(table);
  assertEquals(table.rows[0], [
    "no fix",
    ...[11, Math.SQRT2],
    ...[21, Math.SQRT2],
    ...[19, 0],
    ...[18, 0],
    7,
  ]);
  assertEquals(table.rows[3]!.slice(0, 5), [
    "joint",
    23,
    Math.SQRT2,
    null,
    null,
  ]);
});

Deno.test("the tables of capture, floors and sizes say what was measured", () => {
  const capture = ablationCaptureTable(metrics);
  checkTable(capture);
  assertEquals(capture.rows, [[
    "convolutional",
    ...[21, Math.SQRT2],
    ...[11, Math.SQRT2],
    ...[17.5, Math.SQRT1_2],
    ...[0.75, 0],
    ...[0.5, 0],
  ]]);
  const floors = ablationFloorTable(metrics);
  checkTable(floors);
  assertEquals(floors.rows, [
    ["convolutional", 18, 21, 19, 11, 17.5],
    ["principal components of patches", 1, 2, 4, 5, 3],
  ]);
  const dense = denseTable(metrics);
  checkTable(dense);
  assertEquals(dense.rows, [
    ["4 × 4 × 3", "one each way", 2, 9, 2],
    ["8 × 8 × 3", "through 4,096", 2, 9, 1],
  ]);
});

Deno.test("a share is 0 for no fix and 1 for a code of its own", () => {
  const parts = smallShares(metrics, "convolutional");
  assertEquals([...parts.keys()], [...remedies]);
  // Own code 21, unchanged 11.
  assertEquals(parts.get("capacity"), -0.1);
  assertEquals(parts.get("alternate"), 0.5);
  assertEquals(parts.get("joint"), 1.2);
  assertEquals(parts.get("linear map"), 0.65);
  assertEquals(parts.get("adapter"), null);
  const other = smallShares(metrics, "variational");
  assertEquals(new Set(other.values()), new Set([null]));
});

const scores = { highDb: 28, highScaledDownDb: 30 };
const fix = (mediumFromHighDb: number) => [{
  ...{ seed: 1, mediumOwnDb: 20, ...scores, mediumFromHighDb },
  ...{ mediumParameters: 1, highParameters: 1 },
}];
const way = (mediumWeight: number | null, mediumFromHighDb: number) => {
  const found = { ...scores, mediumFromHighDb };
  return { way: "", mediumWeight, valid: found, test: found, parameters: 1 };
};
const captured = (
  kind: "convolutional" | "residual from PCA",
  asIsDb: number,
) => ({
  ...{ kind, asIsDb, mediumOwnDb: 20, afterLinearMapDb: 18 },
  ...{ highScaledDownDb: 21, cka: 1, explained: 1 },
});

Deno.test("shares at full size are those of the published results", () => {
  const parts = fullShares(
    {
      networks: [
        captured("convolutional", 10),
        captured("residual from PCA", 15),
      ],
    },
    {
      fixes: [
        { fix: "none", runs: fix(12) },
        { fix: "capacity", runs: fix(14) },
        { fix: "alternate", runs: fix(18) },
      ],
      alone: { mediumOwnDb: 25, highDb: 28, highScaledDownDb: 30 },
      frontier: [way(null, 24), way(null, 26), way(3, 0), way(1, 27)],
    },
  );
  assertEquals(parts.get("linear map"), 0.8);
  assertEquals(parts.get("capacity"), 0.25);
  assertEquals(parts.get("alternate"), 0.75);
  assertEquals(parts.get("adapter"), 0.9);
  assertEquals(parts.get("joint"), 1.2);
  assertEquals(parts.get("dense"), null);
  const small = smallShares(metrics, "convolutional");
  assertEquals(rankCorrelation(parts, small), 1);
  const table = carryOverTable(parts, new Map([["convolutional", small]]));
  checkTable(table);
  const rows = new Map(table.rows.map(([name, ...cells]) => [name, cells]));
  assertEquals(rows.get("joint"), [120, 120, "all"]);
  // Exactly one half is not more than half.
  assertEquals(rows.get("4 alternate training"), [75, 50, "none"]);
  assertEquals(rows.get("3 fully connected"), [null, null, null]);
});

Deno.test("ranks agree, disagree, or cannot be compared", () => {
  const order = (...parts: number[]): RecoveredShares =>
    new Map(
      (["standardised", "capacity", "dense", "alternate"] as const)
        .map((name, i) => [name, parts[i] ?? null]),
    );
  assertEquals(rankCorrelation(order(1, 2, 3, 4), order(5, 6, 7, 9)), 1);
  assertEquals(rankCorrelation(order(1, 2, 3, 4), order(4, 3, 2, 1)), -1);
  const swapped = rankCorrelation(order(1, 2, 3, 4), order(2, 1, 3, 4));
  assertAlmostEquals(swapped!, 0.8, 1e-12);
  assertEquals(rankCorrelation(order(1), order(1)), null);
});

Deno.test("a finding carries over where both lie on one side of one half", () => {
  assertEquals(carriesOver(0.9, 0.6), true);
  assertEquals(carriesOver(0.1, -3), true);
  assertEquals(carriesOver(0.6, 0.4), false);
  assertEquals(carriesOver(null, 0.4), null);
  assertEquals(carriesOver(0.4, null), null);
});
