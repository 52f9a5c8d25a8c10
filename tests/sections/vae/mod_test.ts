/** The section on variational networks from end to end, at toy size. */
import { checkTable } from "@/charts/mod.ts";
import { writeResult } from "@/experiment/results.ts";
import type { SectionResult } from "@/experiment/types.ts";
import { runVae, vae } from "@/sections/vae/mod.ts";
import { vaeCaptureTable, vaeQualityTable } from "@/sections/vae/tables.ts";
import type { VaeMetrics, VaeSettings } from "@/sections/vae/types.ts";
import type { RunRecord } from "@/training/records.ts";
import { tf } from "@/tensorflow/mod.ts";
import { TrainingStopped } from "@/training/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
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

const settings: VaeSettings = {
  medium: { ...tinyAutoencoder("medium"), steps: 2 },
  high: { ...tinyAutoencoder("high"), steps: 2 },
  betas: [0.001, 10],
};

Deno.test("no run is longer than its epochs, and the full medium one is as long", () => {
  for (const profile of ["quick", "full"] as const) {
    const chosen = vae.settings(profile);
    for (
      const { steps, epochs, batchSize, trainPairs } of [
        chosen.medium,
        chosen.high,
      ]
    ) {
      const all = epochs * Math.ceil(trainPairs / batchSize);
      assert(steps <= all, `${steps} of ${all} steps`);
    }
  }
  const { medium } = vae.settings("full");
  assertEquals(medium.steps, medium.epochs * medium.trainPairs / 16);
});

type Result = SectionResult<VaeSettings, VaeMetrics>;

async function run(
  place: Workplace,
  controls: { signal?: AbortSignal; onRecord?: (record: RunRecord) => void } =
    {},
): Promise<Result> {
  const context = makeContext("vae", place, { controls });
  const result = await runVae(settings, context);
  await writeResult(context.folder, result);
  return result;
}

function checkRows({ metrics: { rows } }: Result): void {
  assertEquals(rows.map(({ beta }) => beta), [null, 0.001, 10]);
  for (const { beta, medium, high, capture } of rows) {
    for (const { psnrDb, msssim, rate } of [medium, high]) {
      assert(psnrDb > 3 && psnrDb < 25, `${psnrDb} dB`);
      assert(msssim > 0 && msssim < 1, `MS-SSIM ${msssim}`);
      assertEquals(rate === null, beta === null);
    }
    const { cka, explained, ...decibels } = capture;
    assert(cka >= 0 && cka <= 1 && explained <= 1, `${cka}, ${explained}`);
    for (const db of Object.values(decibels)) {
      assert(db > 3 && db < 25, `${db} dB`);
    }
  }
  const [, loose, strict] = rows;
  for (const size of ["medium", "high"] as const) {
    const side = size === "medium" ? 172 : 344;
    for (const { [size]: { rate } } of [loose!, strict!]) {
      const { klPerChannel, klBitsPerPixel, activeShare } = rate!;
      assertEquals(klPerChannel.length, 2);
      const nats = klPerChannel.reduce((sum, value) => sum + value, 0);
      assertAlmostEquals(
        klBitsPerPixel,
        nats * 43 ** 2 / Math.log(2) / side ** 2,
        1e-9,
      );
      assertEquals(activeShare, 1);
    }
    // The stronger the prior, the nearer to it, from the first step on.
    assertLess(
      strict![size].rate!.klBitsPerPixel,
      loose![size].rate!.klBitsPerPixel,
    );
  }
}

function checkHistory({ history }: Result): void {
  assertEquals(
    new Set(history.map(({ run }) => run)),
    new Set([
      "medium variational, beta = 0.001",
      "high variational, beta = 0.001",
      "medium variational, beta = 10",
      "high variational, beta = 10",
    ]),
  );
  for (const record of history) {
    const beta = Number(record.run.split(" = ")[1]);
    const { reconstruction, kl } = record.parts!;
    const loss = record.kind === "step" ? record.loss : record.validLoss;
    assertAlmostEquals(loss / (reconstruction! + beta * kl!), 1, 1e-5);
  }
}

Deno.test("the section on variational networks stops, resumes, and never does a run twice", async () => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const early: RunRecord[] = [];
    await assertRejects(
      () =>
        run(place, {
          signal: controller.signal,
          onRecord: (record) => {
            early.push(record);
            // In the second variational run, after one of its two steps.
            if (record.run === "high variational, beta = 0.001") {
              controller.abort();
            }
          },
        }),
      TrainingStopped,
      "Training high variational, beta = 0.001 stopped after step 1 of 2",
    );
    assertEquals(tf.memory().numTensors, before);

    const result = await run(place);
    assertEquals(tf.memory().numTensors, before);
    checkRows(result);
    checkHistory(result);

    // All is finished: nothing is trained, and nothing changes.
    const again: RunRecord[] = [];
    const same = await run(place, { onRecord: (record) => again.push(record) });
    assertEquals(again, []);
    assertEquals(same, result);

    // Figures and tables come from the files alone.
    const { metrics } = await checkPublished("vae", place, result, [
      "medium_photos.jpg",
      "high_photos.jpg",
      "medium_reconstruction.svg",
      "medium_kl.svg",
      "high_reconstruction.svg",
      "high_kl.svg",
      "rate.svg",
      "capture.svg",
      "capture_photos.jpg",
      "drawn.jpg",
      "walks.jpg",
    ]);
    for (const table of [vaeQualityTable(metrics), vaeCaptureTable(metrics)]) {
      checkTable(table);
    }
    assertEquals(vaeQualityTable(metrics).rows.length, 6);
    assertEquals(
      vaeCaptureTable(metrics).rows.map(([name]) => name),
      ["plain", "beta = 0.001", "beta = 10"],
    );
  });
});
