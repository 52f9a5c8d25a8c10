import type { PreparedClips, Segments, Split } from "@/datasets/mod.ts";
import { SequentialVae } from "@/models/mod.ts";
import { encodeSegment } from "@/sections/video/code_segment.ts";
import { trainVideo, type VideoTraining } from "@/sections/video/train.ts";
import { drawLook, makeSprites } from "@/datasets/clips/sprites.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type RunControls, TrainingStopped } from "@/training/mod.ts";
import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { withFolder } from "../../_folder.ts";

const shape = {
  ...{ side: 8, frames: 3, widths: [4, 6], blocks: 1, features: 8 },
  ...{ localSize: 3, globalSize: 4, memory: 4, levels: 2, seed: 1 },
};
const training: VideoTraining = {
  steps: 30,
  batchSize: 4,
  schedule: { peak: 3e-3, warmUpSteps: 2 },
  stepsPerEpoch: 10,
  lambdas: [0.001, 0.01],
};

function segments(split: Split, count: number): Segments {
  const names = Array.from({ length: count }, (_, i) => `${split} ${i}`);
  const views = names.map((name) =>
    makeSprites(drawLook(seededRandom(name)), 8, 3, seededRandom(name, 1))
  );
  return { split, count, names, frames: 3, side: 8, view: (i) => views[i]! };
}

const clips: PreparedClips = {
  train: segments("train", 16),
  valid: segments("valid", 2),
  test: segments("test", 2),
  fingerprint: "made",
  skipped: [],
};

async function trained(folder: string, controls: RunControls = {}) {
  using model = new SequentialVae(shape);
  const run = { name: "video", folder, id: "1" };
  const history = await trainVideo(run, model, clips, training, 1, controls);
  const codes = [0, 1].map((level) =>
    encodeSegment(model, clips.test.view(0), level).bytes
  );
  return { history, codes };
}

Deno.test("training lowers the loss, and a stopped run resumes bit for bit", async () => {
  await withFolder(async (folder) => {
    const before = tf.memory().numTensors;
    const whole = await trained(`${folder}/whole`);
    const losses = whole.history.flatMap((record) =>
      record.kind === "epoch" ? [record.validLoss] : []
    );
    assertEquals(losses.length, 3);
    assertLess(losses[2]!, losses[0]!);
    const controller = new AbortController();
    await assertRejects(
      () =>
        trained(`${folder}/parts`, {
          signal: controller.signal,
          onRecord: ({ step }) => step === 14 && controller.abort(),
        }),
      TrainingStopped,
      "Training video stopped after step 14 of 30",
    );
    const resumed = await trained(`${folder}/parts`);
    assertEquals(resumed, whole);
    assertEquals(tf.memory().numTensors, before);
  });
});
