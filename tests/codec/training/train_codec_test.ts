/** The codec's training and its file of weights, on few photos and few steps. */
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { encodeLayers } from "@/codec/encode/encode_layers.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import { readWeights } from "@/codec/model/weights_file.ts";
import {
  CodecStartError,
  writeCodecStart,
} from "@/codec/training/codec_start.ts";
import { makeCodec } from "@/codec/training/make_codec.ts";
import { addStrangeWindows } from "@/codec/training/strange_windows.ts";
import {
  CODEC_TRAINING,
  type CodecTask,
  trainCodec,
} from "@/codec/training/train_codec.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { psnr } from "@/metrics/mod.ts";
import { readSafetensors } from "@/models/safetensors.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { RunRecord } from "@/training/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { tinySettings } from "../_tiny_model.ts";
import {
  drawPhoto,
  makeContext,
  withWorkplace,
} from "../../experiment/_photos.ts";

const training = {
  ...CODEC_TRAINING,
  network: tinySettings,
  trainPairs: 3,
  pairSize: 64,
  windowSize: 64,
  batchSize: 2,
  coolSteps: 1,
};

Deno.test("the codec trains, goes on for more steps, cools and codes", async () => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;
    const { pairs, summary } = await prepareData(
      makeContext("data", place),
      { trainPairs: training.trainPairs, highSize: training.pairSize },
    );
    const run = async (steps: number, changes: Partial<CodecTask> = {}) => {
      const records: RunRecord[] = [];
      const { weights } = await trainCodec({
        ...{ training, steps, pairs, dataset: summary, seed: 1 },
        runs: `${place.out}/runs`,
        controls: { onRecord: (record) => records.push(record) },
        ...changes,
      });
      const losses = records.flatMap((record) =>
        record.run === "codec" && record.kind === "step" ? [record.loss] : []
      );
      return { weights, losses };
    };
    const short = await run(2);
    assertEquals(short.losses.length, 2);
    const start = writeCodecStart(short.weights);
    tf.dispose([...short.weights.values()]);
    const long = await run(4);
    assertEquals(long.losses.slice(0, 2), short.losses);
    assertEquals(long.losses.length, 4);
    const still = { ...training, rate: 1e-9, coolSteps: 0 };
    const again = await run(1, { start, training: still });
    assertEquals(again.losses.length, 1);
    const { data } = readSafetensors(start).tensors.get("group/1/0/filters")!;
    again.weights.get("group/1/0/filters")!.dataSync().forEach((value, i) =>
      assertAlmostEquals(value, data[i]!, 1e-6)
    );
    tf.dispose([...again.weights.values()]);
    const wider = { ...still, network: { ...tinySettings, mediumWidth: 6 } };
    const error = await assertRejects(
      () => run(1, { start, training: wider }),
      CodecStartError,
    );
    assertEquals(
      error.message,
      'The weights to start from have "medium/0/filters" of shape [1,1,50,5], ' +
        "but it must be [1,1,50,6].",
    );

    const file = await makeCodec(tinySettings, long.weights, pairs.train);
    tf.dispose([...long.weights.values()]);
    const loaded = loadModel(readWeights(file));
    const picture = drawPhoto(48, "codec");
    const options = { quality: 80, coarseness: 1, rateWeight: 0.5 };
    const layers = await encodeLayers(loaded, picture, options);
    const { high } = await decodeLayers(
      loaded,
      { ...picture, ...options, layers },
      { high: true },
    );
    assertGreater(psnr(high!.data, picture.data), 20);
    loaded.dispose();
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("some windows become pictures that are no photos", () => {
  const side = 64, count = 200;
  const batch = {
    step: 1,
    epoch: 1,
    indices: Array.from({ length: count }, (_, i) => i),
    high: new Float32Array(count * side * side * 3).fill(0.5),
    medium: new Float32Array(count * side * side * 3 / 4).fill(0.5),
  };
  addStrangeWindows(batch, side, seededRandom("strange"));
  assert(batch.high.every((value) => value >= 0 && value <= 1));
  const changed = batch.indices.filter((i) =>
    batch.high.subarray(i * side * side * 3, (i + 1) * side * side * 3)
      .some((value) => value !== 0.5)
  );
  assertGreater(changed.length, 0);
  assertGreater(count / 4, changed.length);
  const mean = (values: Float32Array) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const i of changed) {
    const high = batch.high.subarray(i * side * side * 3).subarray(0, 12288);
    const medium = batch.medium.subarray(i * 3072).subarray(0, 3072);
    assert(Math.abs(mean(high) - mean(medium)) < 1e-3);
  }
});
