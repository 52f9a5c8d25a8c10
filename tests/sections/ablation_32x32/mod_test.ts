/** The section at 32x32 from end to end, on smaller images and few steps. */
import { writeResult } from "@/experiment/results.ts";
import type { SectionResult } from "@/experiment/types.ts";
import { ablation, runAblationSection } from "@/sections/ablation_32x32/mod.ts";
import {
  type AblationMetrics,
  type AblationSettings,
  ablationWays,
} from "@/sections/ablation_32x32/types.ts";
import type { RunRecord } from "@/training/records.ts";
import { tf } from "@/tensorflow/mod.ts";
import { TrainingStopped } from "@/training/mod.ts";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { checkPublished } from "../_check_published.ts";
import {
  makeContext,
  withWorkplace,
  type Workplace,
} from "../../experiment/_photos.ts";

const settings: AblationSettings = {
  networks: {
    high: { side: 16, widths: [3, 4, 4], hidden: [5] },
    medium: { side: 8, widths: [3, 4], hidden: [6] },
    latentChannels: 2,
  },
  trainPairs: 6,
  testPairs: 3,
  kinds: ["fully connected", "variational"],
  ways: ablationWays,
  seeds: 1,
  denseUnits: 3,
  training: {
    steps: 3,
    batchSize: 2,
    schedule: { peak: 2e-3, warmUpSteps: 1 },
  },
  beta: 1e-2,
  mediumWeight: 1,
  mapEvery: 1,
  floors: ["patches", "whole images"],
  denseShapes: [{ size: 4, hidden: [], units: 2 }],
};

type Result = SectionResult<AblationSettings, AblationMetrics>;

async function run(
  place: Workplace,
  changes: Partial<AblationSettings> = {},
  controls: { signal?: AbortSignal; onRecord?: (record: RunRecord) => void } =
    {},
): Promise<Result> {
  const context = makeContext("ablation_32x32", place, { controls });
  const result = await runAblationSection(
    { ...settings, ...changes },
    context,
  );
  await writeResult(context.folder, result);
  return result;
}

function checkRows({ metrics: { rows, flatDb } }: Result): void {
  assertEquals(
    rows.map(({ kind, way }) => [kind, way]),
    settings.kinds.flatMap((kind) => ablationWays.map((way) => [kind, way])),
  );
  for (const kind of settings.kinds) {
    const found = (way: string) =>
      rows.find((row) => row.kind === kind && row.way === way)!.runs[0]!;
    const none = found("none");
    // What a way does not touch is the same as without a fix, bit for bit.
    assertEquals(found("alternate").mediumOwnDb, none.mediumOwnDb);
    assertEquals(found("from start").highDb, none.highDb);
    assertEquals(found("adapter").highDb, none.highDb);
    for (const way of ["from start", "adapter", "joint"]) {
      assertEquals(found(way).mediumOwnDb, null);
    }
    for (const way of ablationWays) {
      const { mediumFromHighDb, capture } = found(way);
      // After three steps noise is still noise.
      assert(mediumFromHighDb > 3 && mediumFromHighDb < 25, `${kind}, ${way}`);
      assertEquals(capture === null, way !== "none");
    }
    const changed = ["none", "dense", "capacity", "joint"];
    assertEquals(
      new Set(changed.map((way) => found(way).mediumFromHighDb)).size,
      changed.length,
    );
    assertLess(found("adapter").parameters, found("joint").parameters);
    assertLess(found("joint").parameters, none.parameters);
    assertLess(none.parameters, found("capacity").parameters);
    assertGreater(none.capture!.cka, 0);
  }
  assert(flatDb > 5 && flatDb < 25, `${flatDb}`);
}

Deno.test("the section at 32x32 stops, resumes, and never does a run twice", async () => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    let early = 0;
    await assertRejects(
      () =>
        run(place, {}, {
          signal: controller.signal,
          // In the second run, after two of its three steps.
          onRecord: ({ run, kind }) => {
            if (run.includes("standardised") && kind === "step") early++;
            if (early === 2) controller.abort();
          },
        }),
      TrainingStopped,
      "Training fully connected 32x32, 1 standardised, seed 1 stopped after step 2 of 3",
    );
    assertEquals(tf.memory().numTensors, before);

    const records: RunRecord[] = [];
    const result = await run(place, {}, {
      onRecord: (record) => records.push(record),
    });
    assertEquals(tf.memory().numTensors, before);
    const names = new Set(records.map((record) => record.run));
    assert(!names.has("fully connected 32x32, no fix, seed 1"));
    assert(names.has("fully connected 32x32, adapter, seed 1"));
    checkRows(result);
    const { floors, dense, examples } = result.metrics;
    assertEquals(floors.map(({ of, channels }) => [of, channels]), [
      ["patches", 2],
      ["whole images", 8],
    ]);
    // As many numbers, and free to be anywhere in the image.
    assertGreater(floors[1]!.highDb, 10);
    assertEquals(dense[0]!.parameters, 48 * 2 + 2 + 2 * 48 + 48);
    assertEquals(examples.length, 1);
    assertEquals(result.dataset.counts.test, 3);
    // One epoch of three steps a run, and no single steps.
    assertEquals(result.history.length, result.metrics.rows.length);

    // All is finished: nothing is trained, and nothing changes.
    const again: RunRecord[] = [];
    const same = await run(place, {}, {
      onRecord: (record) => again.push(record),
    });
    assertEquals(again, []);
    assertEquals(same, result);

    // Figures come from the files alone.
    await checkPublished("ablation_32x32", place, result, [
      "photos.png",
      "from_high_photos.png",
      "ways_fully_connected.svg",
      "ways_variational.svg",
    ]);
  });
});

Deno.test("a run is the same each time with one seed, and different with another", async () => {
  const only = {
    kinds: ["variational"],
    ways: ["none", "dense", "adapter", "joint"],
    floors: [],
  } as const;
  const histories: RunRecord[][] = [];
  const results: Result[] = [];
  for (const seeds of [2, 1]) {
    await withWorkplace(async (place) => {
      const records: RunRecord[] = [];
      const result = await run(place, { ...only, seeds }, {
        onRecord: (record) => records.push(record),
      });
      results.push(result);
      histories.push(
        records.filter((record) => record.run.endsWith("seed 1")),
      );
    });
  }
  assertEquals(histories[1], histories[0]);
  // Three steps and an epoch a way.
  assertEquals(histories[0]!.length, only.ways.length * 4);
  const [two, one] = results.map(({ metrics }) => metrics.rows);
  two!.forEach(({ way, runs }, i) => {
    assertEquals(runs[0], one![i]!.runs[0]);
    assertNotEquals(
      runs[0]!.mediumFromHighDb,
      runs[1]!.mediumFromHighDb,
      way,
    );
  });
});

Deno.test("at 32x32 all networks have codes of one length", () => {
  for (const profile of ["quick", "full"] as const) {
    const { networks, denseUnits } = ablation.settings(profile);
    const { high, medium, latentChannels } = networks;
    const sides = [high, medium].map(({ side, widths }) =>
      side / 2 ** widths.length
    );
    assertEquals([high.side, medium.side, ...sides], [32, 16, 4, 4]);
    assertEquals(denseUnits, 4 * 4 * latentChannels);
  }
});
