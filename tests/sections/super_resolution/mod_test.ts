/** The section on super-resolution from end to end, on few photos and steps. */
import { checkTable } from "@/charts/mod.ts";
import { writeResult } from "@/experiment/results.ts";
import type { SectionResult } from "@/experiment/types.ts";
import {
  runSuperResolution,
  superResolution,
} from "@/sections/super_resolution/mod.ts";
import {
  enlargedTable,
  enlargingCostTable,
} from "@/sections/super_resolution/tables.ts";
import {
  ENLARGING_WAYS,
  type EnlargingName,
  enlargingTitle,
  type SuperResolutionMetrics,
  type SuperResolutionSettings,
} from "@/sections/super_resolution/types.ts";
import type { RunRecord } from "@/training/records.ts";
import { multiplyAdds } from "@/sections/super_resolution/networks.ts";
import { tf } from "@/tensorflow/mod.ts";
import { TrainingStopped } from "@/training/mod.ts";
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

const training = {
  epochs: 1,
  batchSize: 4,
  windowSize: 16,
  schedule: { peak: 1e-5, warmUpSteps: 0 },
  detailWeight: 0,
};

const settings: SuperResolutionSettings = {
  high: tinyAutoencoder("high"),
  network: { width: 4, blocks: 1, interpolation: "lanczos3" },
  training,
  sharper: { ...training, detailWeight: 0.1 },
  codeDecoder: { width: 4, blocks: 1, training },
  shown: { count: 4, side: 32 },
};

type Result = SectionResult<SuperResolutionSettings, SuperResolutionMetrics>;

async function run(
  place: Workplace,
  controls: { signal?: AbortSignal; onRecord?: (record: RunRecord) => void } =
    {},
): Promise<Result> {
  const context = makeContext("super_resolution", place, { controls });
  const result = await runSuperResolution(settings, context);
  await writeResult(context.folder, result);
  return result;
}

function checkResult({ metrics, history }: Result): void {
  const { ways } = metrics;
  assertEquals(ways.map(({ way }) => way), [...ENLARGING_WAYS]);
  const of = (way: EnlargingName) => ways.find((row) => row.way === way)!;
  const medium = 172 * 172 * 3, code = 43 * 43 * 2 + 8 * 2;
  assertEquals(of("from medium").storedBytes, medium);
  assertEquals(of("from code").storedBytes, code);
  assertEquals(of("from both").storedBytes, medium + code);
  // Two steps with a tiny rate: all of ours are where they start.
  const lanczos = of("Lanczos");
  for (
    const way of ["from medium", "from medium, sharper", "from both"] as const
  ) {
    assertAlmostEquals(of(way).psnrDb, lanczos.psnrDb, 0.05);
    assertAlmostEquals(of(way).sharpness, lanczos.sharpness, 0.01);
    assert(of(way).psnrDb !== lanczos.psnrDb, way);
  }
  assertAlmostEquals(
    of("from code").psnrDb,
    of("high network").psnrDb,
    1,
  );
  // The photos have grain, which neither a medium image nor a code holds.
  for (const row of ways) {
    const isCode = row.multiplyAdds !== null && row.storedBytes === code;
    assertGreater(row.psnrDb, isCode ? 10 : 25);
    assertLess(row.sharpness, 1);
  }
  // It puts the image half a pixel aside.
  assertLess(of("libvips").psnrDb, of("bicubic").psnrDb);
  const network = 9 * (3 * 4 + 2 * 4 * 4 + 4 * 12);
  assertEquals(of("from medium").multiplyAdds, network / 4);
  const decoder = 9 * (2 * 4 + 2 * 4 * 4) + 64 * 3 * (4 + 2);
  assertEquals(of("high network").multiplyAdds, decoder / 64);
  assertEquals(
    of("from both").multiplyAdds,
    (network + 9 * 12 * 4) / 4 + decoder / 64,
  );
  assertEquals(lanczos.multiplyAdds, null);
  assertEquals(
    new Set(history.map((record) => record.run)),
    new Set([
      "ours, from medium",
      "ours, from medium, sharper",
      "ours, from the code",
      "ours, from both",
    ]),
  );
}

Deno.test("super-resolution stops, resumes, and never does a run twice", async () => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const early: RunRecord[] = [];
    await assertRejects(
      () =>
        run(place, {
          signal: controller.signal,
          // In the sharper run, after one of its two steps.
          onRecord: (record) => {
            if (early.push(record) === 4) controller.abort();
          },
        }),
      TrainingStopped,
      "Training ours, from medium, sharper stopped after step 1 of 2",
    );
    assertEquals(tf.memory().numTensors, before);

    const records: RunRecord[] = [];
    const result = await run(place, {
      onRecord: (record) => records.push(record),
    });
    assertEquals(tf.memory().numTensors, before);
    const names = new Set(records.map((record) => record.run));
    assert(!names.has("ours, from medium"));
    assert(names.has("ours, from medium, sharper"));
    checkResult(result);

    // All is finished: nothing is trained, and nothing changes.
    const again: RunRecord[] = [];
    const same = await run(place, { onRecord: (record) => again.push(record) });
    assertEquals(again, []);
    assertEquals(same, result);

    // Figures and tables come from the files alone.
    const { metrics } = await checkPublished(
      "super_resolution",
      place,
      result,
      [
        "details.jpg",
        "photos.jpg",
        "psnr.svg",
        "haarpsi.svg",
        "sharpness.svg",
        "validation.svg",
      ],
    );
    const table = enlargedTable(metrics);
    checkTable(table);
    assertEquals(table.rows.length, ENLARGING_WAYS.length);
    const costs = enlargingCostTable(metrics);
    checkTable(costs);
    assertEquals(
      costs.rows.map(([name]) => name),
      [
        "ours, from medium",
        "ours, from medium, sharper",
        "high network's decoder",
        "ours, from the code",
        "ours, from both",
      ].map(String),
    );
  });
});

Deno.test("kernels are multiplied once per position, biases not at all", () => {
  const weights = new Map([
    ["a/kernel", tf.variable(tf.zeros([3, 3, 2, 4]))],
    ["a/bias", tf.variable(tf.zeros([4]))],
    ["b/kernel", tf.variable(tf.zeros([1, 1, 4, 6]))],
  ]);
  assertEquals(multiplyAdds(weights, 2), (72 + 24) / 4);
  assertEquals(multiplyAdds(new Map(), 8), 0);
  tf.dispose([...weights.values()]);
});

Deno.test("windows fit the code's patches, and titles differ", () => {
  for (const profile of ["quick", "full"] as const) {
    const { high, training, sharper, codeDecoder } = superResolution
      .settings(profile);
    for (const { windowSize } of [training, sharper, codeDecoder.training]) {
      assertEquals(windowSize % high.residual.patch, 0);
    }
  }
  assertEquals(
    new Set(ENLARGING_WAYS.map(enlargingTitle)).size,
    ENLARGING_WAYS.length,
  );
});
