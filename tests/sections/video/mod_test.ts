/** All networks from end to end, on few clips and steps. */
import { writeResult } from "@/experiment/results.ts";
import { runVideo } from "@/sections/video/mod.ts";
import * as report from "@/sections/video/report.ts";
import { runContent } from "@/sections/video/runs.ts";
import * as tables from "@/sections/video/tables.ts";
import { VARIANT_NAMES, type VideoSettings } from "@/sections/video/types.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type RunRecord, TrainingStopped } from "@/training/mod.ts";
import {
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { makeContext, withWorkplace } from "../../experiment/_photos.ts";
import { needsFfmpeg } from "../../datasets/clips/_clips.ts";
import { checkPublished } from "../_check_published.ts";

const sprites = {
  kind: "specialised",
  trainPerClip: 1,
  testPerClip: 1,
} as const;

const settings: VideoSettings = {
  contents: [sprites],
  tested: 2,
  network: {
    ...{ side: 16, frames: 3, widths: [4, 6], blocks: 1 },
    ...{ features: 8, localSize: 3, globalSize: 4, memory: 4 },
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
            sprites,
            settings,
            makeContext("video", place, {
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
          sprites,
          settings,
          makeContext("video", place, {
            controls: { onRecord: (record) => records.push(record) },
          }),
        );
      const found = await run();
      const { row, history } = found;
      assertEquals(tf.memory().numTensors, before);
      assertEquals(row.content, "sprites");
      assertEquals(row.tested, 2);
      assertEquals(row.networks.map(({ variant }) => variant), VARIANT_NAMES);
      for (const { variant, runs } of row.networks) {
        assertEquals(runs.map(({ seed }) => seed), [1, 2]);
        for (const { points } of runs) {
          assertEquals(points.map(({ level }) => level), [0, 1]);
          for (const { bpp, globalBpp, psnrDb } of points) {
            assertGreater(psnrDb, 10);
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
      assertEquals(await run(), found);
      assertEquals(records, []);
    }),
});

Deno.test({
  name: "section video measures both kinds of clips, and says what it found",
  ...needsFfmpeg,
  fn: () =>
    withWorkplace(async (place) => {
      const general = {
        kind: "general",
        trainPerClip: 1,
        testPerClip: 1,
      } as const;
      const chosen = { ...settings, contents: [sprites, general], seeds: 1 };
      const context = makeContext("video", place, { steps: 2 });
      const result = await runVideo(chosen, context);
      await writeResult(context.folder, result);
      assertEquals(result.profile, "trial");
      assertEquals(result.dataset.name, "sprites and made");
      const published = await checkPublished("video", place, result, [
        "rates_specialised.svg",
        "frames_specialised.png",
        "losses_specialised.svg",
        "rates_general.svg",
        "frames_general.png",
        "losses_general.svg",
      ]);
      const { metrics } = published;
      assertMatch(report.describeVideo(published), /"made", \d+ segments/);
      for (
        const text of [
          report.describeGlobalCode(metrics),
          report.describePriorMemory(metrics),
          report.summarizeVideo(metrics),
        ]
      ) assertMatch(text, /general clips/);
      assertMatch(report.compareWithVideoCodecs(metrics, "general"), /AV1/);
      assertMatch(report.paperClaims(metrics), /extreme/);
      assertEquals(tables.rivalsTable(metrics).rows.length, 4);
      assertEquals(tables.variantsTable(metrics).rows.length, 2);
      assertEquals(
        tables.networksTable(metrics.contents[1]!).rows.length,
        VARIANT_NAMES.length,
      );
    }),
});

Deno.test("extra bits are those at equal quality, or unknown", () => {
  const curve = (factor: number, psnrs: number[]) =>
    psnrs.map((psnrDb, i) => ({ bpp: factor * 0.01 * 2 ** i, psnrDb }));
  const anchor = curve(1, [20, 23, 26]);
  const extra = tables.extraBits(anchor, curve(1.5, [20, 23, 26]));
  assertEquals(Math.round(1e6 * extra!), 5e5);
  assertEquals(tables.extraBits(anchor, curve(1, [27, 29, 31])), null);
  assertEquals(tables.extraBits(anchor, curve(1, [25])), null);
});
