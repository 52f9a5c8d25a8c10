/** All networks from end to end, on few sprites and steps. */
import { runContent } from "@/sections/video/runs.ts";
import { VARIANT_NAMES, type VideoSettings } from "@/sections/video/types.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type RunRecord, TrainingStopped } from "@/training/mod.ts";
import {
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { makeContext, withWorkplace } from "../../experiment/_photos.ts";
import { needsFfmpeg } from "../../datasets/clips/_clips.ts";

const settings: VideoSettings = {
  trainPerClip: 1,
  testPerClip: 1,
  tested: 2,
  network: {
    ...{ side: 16, frames: 3, widths: [4, 6], features: 8, localSize: 3 },
    ...{ globalSize: 4, memory: 4 },
  },
  training: {
    steps: 4,
    batchSize: 4,
    schedule: { peak: 1e-3, warmUpSteps: 2 },
    stepsPerEpoch: 2,
    lambdas: [0.001, 0.01],
  },
  seeds: 2,
};

Deno.test({
  name:
    "every network is trained with every seed, stops, resumes, and is measured once",
  ...needsFfmpeg,
  fn: () =>
    withWorkplace(async (place) => {
      const before = tf.memory().numTensors;
      const controller = new AbortController();
      const early: RunRecord[] = [];
      await assertRejects(
        () =>
          runContent(
            "sprites",
            settings,
            makeContext("cdn_cache", place, {
              controls: {
                signal: controller.signal,
                // In the second run, after the first of its steps.
                onRecord: (record) => {
                  if (early.push(record) === 7) controller.abort();
                },
              },
            }),
          ),
        TrainingStopped,
        "with memory, seed 2 stopped after step 1 of 4",
      );
      const records: RunRecord[] = [];
      const run = () =>
        runContent(
          "sprites",
          settings,
          makeContext("cdn_cache", place, {
            controls: { onRecord: (record) => records.push(record) },
          }),
        );
      const { row, history } = await run();
      assertEquals(tf.memory().numTensors, before);
      assertEquals(row.content, "sprites");
      assertEquals(row.tested, 2);
      assertEquals(row.networks.map(({ variant }) => variant), VARIANT_NAMES);
      for (const { variant, runs } of row.networks) {
        assertEquals(runs.map(({ seed }) => seed), [1, 2]);
        for (const { points } of runs) {
          assertEquals(points.map(({ level }) => level), [0, 1]);
          for (const { bpp, globalBpp, psnrDb } of points) {
            assertGreater(psnrDb, 5);
            assertLess(globalBpp, bpp);
            assertEquals(globalBpp === 0, variant === "local");
          }
        }
      }
      const [whole, local] = row.networks.map(({ runs }) => runs[0]!);
      assertGreater(whole!.parameters, local!.parameters);
      assertEquals(row.rivals.length, 24);
      assertEquals(history.length, 6 * 6);
      // The first run was finished before.
      assertEquals(records.length, 5 * 6);

      records.length = 0;
      assertEquals(await run(), { row, history });
      assertEquals(records, []);
    }),
});
