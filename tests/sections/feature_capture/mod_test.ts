/** The section on feature capture from end to end, on few photos and steps. */
import { runFeatureCapture } from "@/sections/feature_capture/mod.ts";
import { writeResult } from "@/experiment/results.ts";
import type { RunRecord } from "@/training/records.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
} from "@std/assert";
import { checkPublished } from "../_check_published.ts";
import { makeContext, withWorkplace } from "../../experiment/_photos.ts";
import { tinyAutoencoder } from "../_tiny_settings.ts";
import type { FeatureCaptureSettings } from "@/sections/feature_capture/types.ts";

const settings: FeatureCaptureSettings = {
  medium: tinyAutoencoder("medium"),
  high: tinyAutoencoder("high"),
  trainOn: { epochs: 2, batchSize: 4, learningRate: 1e-3 },
  floorChannels: [2, 3],
};

Deno.test("feature capture trains, measures and draws, and never trains twice", async () => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;
    const records: RunRecord[] = [];
    const work = () =>
      runFeatureCapture(
        settings,
        makeContext("feature_capture", place, {
          controls: { onRecord: (record) => records.push(record) },
        }),
      );
    const result = await work();
    assertEquals(tf.memory().numTensors, before);
    const { networks, twins, trainedOn, floors } = result.metrics;

    assertEquals(networks.map(({ kind }) => kind), [
      "convolutional",
      "residual from PCA",
    ]);
    for (const { cka, explained, ...row } of networks) {
      assert(cka > 0 && cka <= 1, `CKA ${cka}`);
      assert(explained <= 1, `explained ${explained}`);
      const decibels = [row.mediumOwnDb, row.asIsDb, row.afterLinearMapDb];
      for (const db of decibels) assert(db > 3 && db < 40, `${db} dB`);
    }
    // Two steps from principal components, all but the basis is there.
    const ours = networks[1]!;
    assertGreater(ours.mediumOwnDb, ours.asIsDb);
    assertGreater(ours.afterLinearMapDb, ours.asIsDb);
    // The twin is another network than the one it is compared with.
    assert(twins.asIsDb !== twins.ownDb && twins.cka < 1);

    // 8 pairs in batches of 4, twice.
    assertEquals(trainedOn.steps, 4);
    const steps = result.history.filter(({ kind }) => kind === "step");
    assertEquals(steps.length, 4);
    for (const record of steps) {
      assert(record.kind === "step");
      const { medium, high, cross } = record.parts!;
      assertAlmostEquals(record.loss, medium! + high!, 1e-6);
      assertGreater(cross!, 0);
    }
    assertEquals(floors.map(({ channels }) => channels), [2, 3]);
    assertGreater(floors[1]!.highDb, floors[0]!.highDb);

    // What is finished is shown, not done again: the same to the last bit.
    records.length = 0;
    const losses = ({ kind, run }: RunRecord) => `${kind} ${run}`;
    const again = await work();
    assertEquals(again, result);
    assertEquals(
      records.filter(({ run }) => run === "trained on apart").map(losses),
      result.history.map(losses),
    );

    const { folder } = makeContext("feature_capture", place);
    await writeResult(folder, result);
    await checkPublished("feature_capture", place, result, [
      "photos.jpg",
      "trained_on.svg",
      "psnr.svg",
    ]);
  });
});
