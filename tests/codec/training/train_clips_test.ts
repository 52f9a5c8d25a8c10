/** The training of networks for clips, on few segments and few steps. */
import { encodeFrame } from "@/codec/encode/encode_layers.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import { readWeights } from "@/codec/model/weights_file.ts";
import { clipWeights } from "@/codec/training/clip_weights.ts";
import { writeCodecStart } from "@/codec/training/codec_start.ts";
import { makeClipModel } from "@/codec/training/make_clip_model.ts";
import { ratePass } from "@/codec/training/rate_pass.ts";
import {
  CLIP_TRAINING,
  type ClipTask,
  trainClips,
} from "@/codec/training/train_clips.ts";
import { realLayer } from "@/codec/model/networks.ts";
import type { Segments } from "@/datasets/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { type RunRecord, TrainingStopped } from "@/training/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import {
  batchOf,
  drawHalves,
  drawPicture,
  tinyModel,
  tinySettings,
  tinyWeights,
} from "../_tiny_model.ts";

/** Segments of two frames of 64 x 64 pixels, the second a little moved. */
function segments(split: "train" | "valid", count: number): Segments {
  const names = Array.from({ length: count }, (_, i) => `${split} ${i}`);
  const views = names.map((name) => {
    const { data } = drawPicture(68, 64, name);
    return Uint8Array.from({ length: 2 * 64 * 64 * 3 }, (_, i) => {
      const frame = Math.floor(i / (64 * 64 * 3));
      const pixel = Math.floor(i / 3) % (64 * 64);
      const x = pixel % 64 + 2 * frame;
      return data[(Math.floor(pixel / 64) * 68 + x) * 3 + i % 3]!;
    });
  });
  return {
    ...{ split, count, names, frames: 2, side: 64 },
    view: (i) => views[i]!,
  };
}

function taskIn(runs: string): ClipTask {
  const weights = tinyWeights();
  const start = writeCodecStart(weights);
  tf.dispose([...weights.values()]);
  return {
    training: {
      ...CLIP_TRAINING,
      ...{ network: tinySettings, side: 64, windowSize: 64, batchSize: 2 },
    },
    ...{ steps: 4, seed: 1, runs, start, dataset: "tiny" },
    train: [segments("train", 3)],
    valid: segments("valid", 1),
  };
}

Deno.test("before training, networks for clips take what those for photos take", () => {
  const photo = tinyWeights(), clip = clipWeights(photo, 1);
  const { medium, ...batch } = batchOf([drawHalves(64, 64, "one")], [0.5]);
  const before = tf.tidy(() => batch.high.mul(0.5) as tf.Tensor4D);
  try {
    const bitsOf = (
      weights: ReadonlyMap<string, tf.Variable>,
      inputs: Parameters<typeof ratePass>[0],
    ) =>
      tf.tidy(() => {
        const weight = (name: string) => weights.get(name)!;
        // Only photos follow the trellis.
        const { bits, mediumBits } = ratePass(
          ...[inputs, weight, realLayer(weight), undefined, false] as const,
        );
        return [bits.dataSync()[0], mediumBits.dataSync()[0]];
      });
    const expected = bitsOf(photo, batch);
    bitsOf(clip, { ...batch, before }).forEach((bits, i) =>
      // Sums of floating point numbers depend on their order.
      assertAlmostEquals(bits!, expected[i]!, 1e-4 * expected[i]!)
    );
  } finally {
    const weights = [...photo.values(), ...clip.values()];
    tf.dispose([...weights, medium, before, { ...batch }]);
  }
});

Deno.test("networks for clips train, resume after a stop, and code frames", async () => {
  const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    const kept = tf.memory().numTensors;
    const run = (runs: string, stopAt?: number) => {
      const losses: number[] = [];
      const stop = new AbortController();
      const onRecord = (record: RunRecord) => {
        if (record.kind !== "step") return;
        losses.push(record.loss);
        if (record.step === stopAt) stop.abort();
      };
      const controls = { onRecord, signal: stop.signal };
      return { losses, trained: trainClips({ ...taskIn(runs), controls }) };
    };
    const whole = run(`${folder}/whole`);
    const { weights, frames } = await whole.trained;
    assertEquals(whole.losses.length, 4);
    // Each segment forwards and backwards.
    assertEquals(frames.length, 6);
    const cut = run(`${folder}/cut`, 2);
    await assertRejects(() => cut.trained, TrainingStopped);
    const resumed = run(`${folder}/cut`);
    const again = await resumed.trained;
    assertEquals(resumed.losses.slice(-4), whole.losses);
    for (const [name, weight] of weights) {
      assertEquals(again.weights.get(name)!.dataSync(), weight.dataSync());
    }
    const photo = tinyModel();
    const file = await makeClipModel({ photo, weights, frames, side: 64 });
    tf.dispose([...weights.values(), ...again.weights.values()]);
    const model = readWeights(file);
    assertEquals(model.splits.count, 18 * tinySettings.anchors);
    const loaded = loadModel(photo, model);
    const options = {
      ...{ quality: 50, coarseness: 1, rateWeight: 0.8 },
      leaves: "planes",
    } as const;
    const [one, other] = [frames[0]!.still, frames[0]!.frame]
      .map((data) => ({ width: 64, height: 64, data }));
    const { left } = await encodeFrame(loaded, one!, options);
    const next = await encodeFrame(loaded, other!, {
      ...options,
      before: left,
    });
    assert(next.left[0]!.planes !== undefined);
    loaded.dispose();
    assertEquals(tf.memory().numTensors, kept);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
