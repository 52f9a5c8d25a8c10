/** The section on fixes from end to end, on few photos and few steps. */
import { writeResult } from "@/experiment/results.ts";
import type { SectionResult } from "@/experiment/types.ts";
import {
  chooseWay,
  runAttemptedFixes,
} from "@/sections/attempted_fixes/mod.ts";
import type {
  AttemptedFixesMetrics,
  AttemptedFixesSettings,
  OneCodeFound,
} from "@/sections/attempted_fixes/types.ts";
import type { RunRecord } from "@/training/records.ts";
import { fixesTable, oneCodeTable } from "@/sections/attempted_fixes/tables.ts";
import { tf } from "@/tensorflow/mod.ts";
import { TrainingStopped } from "@/training/mod.ts";
import { checkTable } from "@/charts/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { checkPublished } from "../_check_published.ts";
import {
  makeContext,
  withWorkplace,
  type Workplace,
} from "../../experiment/_photos.ts";
import { tinyAutoencoder } from "../_tiny_settings.ts";

const settings: AttemptedFixesSettings = {
  medium: tinyAutoencoder("medium"),
  high: tinyAutoencoder("high"),
  fixes: ["none", "dense", "alternate", "from start"],
  seeds: 2,
  denseUnits: 2,
  pairTraining: {
    steps: 2,
    batchSize: 2,
    schedule: { peak: 2e-3, warmUpSteps: 1 },
  },
  mediumWeights: [1],
  largeAdapter: { width: 6, blocks: 1, epochs: 1 },
  floorChannels: [2],
  highMayLoseDb: 0.1,
};

type Result = SectionResult<AttemptedFixesSettings, AttemptedFixesMetrics>;

async function run(
  place: Workplace,
  controls: { signal?: AbortSignal; onRecord?: (record: RunRecord) => void } =
    {},
): Promise<Result> {
  const context = makeContext("attempted_fixes", place, { controls });
  const result = await runAttemptedFixes(settings, context);
  await writeResult(context.folder, result);
  return result;
}

type Step = Deno.TestContext["step"];

async function testFixes(
  step: Step,
  { metrics: { fixes } }: Result,
): Promise<void> {
  const [none, dense, alternate, fromStart] = fixes.map(({ runs }) => runs[0]!);
  await step("there is a row for each fix and a run for each seed", () => {
    assertEquals(fixes.map(({ fix }) => fix), [...settings.fixes]);
    for (const { runs } of fixes) {
      assertEquals(runs.map(({ seed }) => seed), [1, 2]);
      assert(runs[0]!.mediumFromHighDb !== runs[1]!.mediumFromHighDb);
    }
  });
  await step("after two steps noise is still noise", () => {
    for (const { fix, runs } of fixes) {
      for (const { mediumFromHighDb, highDb } of runs) {
        for (const decibels of [mediumFromHighDb, highDb]) {
          assert(decibels > 3 && decibels < 25, `${fix}: ${decibels} dB`);
        }
      }
    }
  });
  await step("only a decoder of high codes has no code of its own", () => {
    for (const { fix, runs } of fixes) {
      for (const { mediumOwnDb } of runs) {
        assertEquals(mediumOwnDb === null, fix === "from start");
      }
    }
  });
  await step("what a fix does not touch is the same as without it", () => {
    assertEquals(alternate!.mediumOwnDb, none!.mediumOwnDb);
    assertEquals(fromStart!.highDb, none!.highDb);
  });
  await step("a dense middle adds its weights", () => {
    const flat = 43 * 43 * 2;
    assertEquals(
      dense!.highParameters - none!.highParameters,
      2 * flat * 2 + 2 + flat,
    );
  });
}

async function testOneCode(
  step: Step,
  { metrics: { alone, frontier, fix, floors } }: Result,
): Promise<void> {
  const [adapter, large] = frontier;
  const [floor] = floors;
  await step("one code is made by two adapters and by joint training", () => {
    assertEquals(frontier.map(({ way }) => way), [
      "adapter",
      "large adapter",
      "joint, w = 1",
    ]);
    assertGreater(large!.parameters, adapter!.parameters);
  });
  await step("adapters leave the high network unchanged", () => {
    for (const { test } of [adapter!, large!]) {
      assertEquals(test.highDb, alone.highDb);
      assertEquals(test.highScaledDownDb, alone.highScaledDownDb);
    }
  });
  await step("all ways start at principal components", () => {
    // Two steps change little.
    for (const { test } of frontier) {
      assertAlmostEquals(test.mediumFromHighDb, floor!.neighbourhoodMapDb, 2);
      assertAlmostEquals(test.highDb, floor!.highDb, 2);
    }
  });
  await step("on noise, the neighbours of a code add nothing", () => {
    assertAlmostEquals(floor!.neighbourhoodMapDb, floor!.linearMapDb, 0.5);
    assertLess(floor!.asIsDb, floor!.linearMapDb);
  });
  await step("the chosen way has the scores of its row", () => {
    const chosen = frontier.find(({ way }) => way === fix.way)!;
    assertEquals(fix, {
      way: chosen.way,
      ...chosen.test,
      mediumOwnDb: alone.mediumOwnDb,
      highAloneDb: alone.highDb,
      highAloneScaledDownDb: alone.highScaledDownDb,
    });
  });
}

Deno.test("the section on fixes", async ({ step }) => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;

    await step("stops after the step that it is at", async () => {
      const controller = new AbortController();
      const early: RunRecord[] = [];
      await assertRejects(
        () =>
          run(place, {
            signal: controller.signal,
            // In the third run, after one of its two steps.
            onRecord: (record) => {
              if (early.push(record) === 7) controller.abort();
            },
          }),
        TrainingStopped,
        "Training 3 fully connected, seed 1 stopped after step 1 of 2",
      );
      assertEquals(tf.memory().numTensors, before);
    });

    const records: RunRecord[] = [];
    const result = await run(place, {
      onRecord: (record) => records.push(record),
    });

    await step("frees all tensors", () => {
      assertEquals(tf.memory().numTensors, before);
    });

    await step("resumes, and does not train finished runs again", () => {
      const names = new Set(records.map((record) => record.run));
      assert(!names.has("no fix, seed 1") && !names.has("no fix, seed 2"));
      assert(names.has("3 fully connected, seed 1"));
    });

    await testFixes(step, result);
    await testOneCode(step, result);

    await step("keeps the losses of each fix's first seed", () => {
      assertEquals(
        new Set(result.history.map((record) => record.run)),
        new Set([
          "no fix, seed 1",
          "3 fully connected, seed 1",
          "4 alternate training, seed 1",
          "5 high codes from the start, seed 1",
          "adapter",
          "large adapter",
          "joint, w = 1",
        ]),
      );
    });

    await step("trains nothing and changes nothing once finished", async () => {
      const again: RunRecord[] = [];
      const same = await run(place, {
        onRecord: (record) => again.push(record),
      });
      assertEquals(again, []);
      assertEquals(same, result);
    });

    await step("draws its figures from its files alone", async () => {
      await checkPublished("attempted_fixes", place, result, [
        "fixes_photos.jpg",
        "fixes.svg",
        "one_code_photos.jpg",
        "medium_gain.svg",
        "high_gain.svg",
      ]);
    });
  });
});

/** A way with these PSNRs on the validation photos. */
function way(highDb: number, mediumFromHighDb: number): OneCodeFound {
  const scores = { highDb, mediumFromHighDb, highScaledDownDb: 0 };
  return {
    way: `${highDb}`,
    mediumWeight: highDb,
    valid: scores,
    test: scores,
    parameters: 1,
  };
}

Deno.test("the way with the best medium image is chosen among good high images", () => {
  const ways = [way(28.5, 31), way(28.4, 32), way(28, 33)];
  assertEquals(chooseWay(ways, 28.45), ways[0]);
  assertEquals(chooseWay(ways, 28.4), ways[1]);
  assertEquals(chooseWay(ways, 20), ways[2]);
});

Deno.test("where no high image is good enough, the best of them is chosen", () => {
  const ways = [way(28.4, 32), way(28.5, 31)];
  assertEquals(chooseWay(ways, 29), ways[1]);
});

Deno.test("tables have means, spreads and gaps where nothing was measured", () => {
  const found = (seed: number, mediumFromHighDb: number) => ({
    seed,
    mediumFromHighDb,
    mediumOwnDb: null,
    highDb: 20,
    highScaledDownDb: 22,
    mediumParameters: 3,
    highParameters: 4,
  });
  const scores = { mediumFromHighDb: 31, highScaledDownDb: 30, highDb: 28 };
  const metrics: AttemptedFixesMetrics = {
    fixes: [{ fix: "from start", runs: [found(1, 10), found(2, 12)] }],
    alone: { mediumOwnDb: 30.5, highDb: 28.1, highScaledDownDb: 30.2 },
    frontier: [{
      way: "adapter",
      mediumWeight: null,
      valid: scores,
      test: scores,
      parameters: 5,
    }],
    fix: {
      way: "adapter",
      ...scores,
      mediumOwnDb: 30.5,
      highAloneDb: 28.1,
      highAloneScaledDownDb: 30.2,
    },
    floors: [],
    examples: [],
  };
  const fixes = fixesTable(metrics);
  checkTable(fixes);
  assertEquals(fixes.rows, [
    ["5 high codes from the start", 11, Math.SQRT2, null, 22, 20, 7],
  ]);
  const table = oneCodeTable(metrics);
  checkTable(table);
  assertEquals(table.rows, [
    ["two networks, two codes", null, 30.5, 30.2, 28.1, null],
    ["adapter", 31, null, 30, 28, 5],
  ]);
});
