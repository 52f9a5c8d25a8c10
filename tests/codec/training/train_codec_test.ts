/** The codec's training and its file of weights, on few photos and few steps. */
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { encodeLayers } from "@/codec/encode/encode_layers.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import { readWeights } from "@/codec/model/weights_file.ts";
import {
  CodecStartError,
  writeCodecStart,
} from "@/codec/training/codec_start.ts";
import type { CodecVariant } from "@/codec/training/codec_variant.ts";
import { makeCodec } from "@/codec/training/make_codec.ts";
import {
  type CodecTask,
  type CodecTraining,
  trainCodec,
} from "@/codec/training/train_codec.ts";
import { psnr } from "@/metrics/mod.ts";
import type { RunRecord } from "@/training/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { prepareData } from "@/experiment/prepare_data.ts";
import { tinySettings } from "../_tiny_model.ts";
import {
  drawPhoto,
  makeContext,
  withWorkplace,
  type Workplace,
} from "../../experiment/_photos.ts";

const training: CodecTraining = {
  network: tinySettings,
  trainPairs: 6,
  pairSize: 64,
  windowSize: 32,
  precision: "float32",
  batchSize: 2,
  rate: 1e-3,
  coolSteps: 1,
  variantSteps: 1,
  variantRate: 1e-4,
  clipNorm: 1,
  mediumShare: 0.25,
};

/** Everything that the codec's training is given, with one step. */
async function makeTask(
  place: Workplace,
  changes: Partial<CodecTask> = {},
): Promise<CodecTask> {
  const { pairs, summary } = await prepareData(
    makeContext("data", place),
    { trainPairs: training.trainPairs, highSize: training.pairSize },
  );
  const runs = `${place.out}/runs`;
  const task = { training, steps: 1, pairs, dataset: summary, seed: 1, runs };
  return { ...task, ...changes };
}

Deno.test("the codec trains, goes on for more steps, cools and codes", async () => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;
    const run = async (steps: number) => {
      const records: RunRecord[] = [];
      const task = await makeTask(place, {
        steps,
        controls: { onRecord: (record) => records.push(record) },
      });
      const trained = await trainCodec(task);
      assertEquals(records, trained.history);
      return { ...trained, pairs: task.pairs };
    };
    const losses = (history: readonly RunRecord[], name: string) =>
      history.flatMap((record) =>
        record.run === name && record.kind === "step" ? [record.loss] : []
      );
    const short = await run(2);
    assertEquals(losses(short.history, "codec").length, 2);
    assertEquals(losses(short.history, "codec, cooled").length, 1);
    tf.dispose([...short.weights.values()]);

    // Two more steps go on from the two that there are.
    const long = await run(4);
    const found = losses(long.history, "codec");
    assertEquals(found.length, 4);
    assertEquals(found.slice(0, 2), losses(short.history, "codec"));
    for (const record of long.history) {
      assert(record.kind === "step" || record.validPsnrDb > 10);
      assertGreater(record.parts!["bpp"]!, 0);
    }

    const file = await makeCodec(
      training.network,
      long.weights,
      long.pairs.train,
      {},
    );
    tf.dispose([...long.weights.values()]);
    const loaded = loadModel(readWeights(file));
    const picture = drawPhoto(48, "codec");
    const layers = await encodeLayers(loaded, picture, { quality: 80 });
    const wants = { medium: true, high: true };
    const { high } = await decodeLayers(
      loaded,
      { ...picture, ...layers, quality: 80 },
      wants,
    );
    assertGreater(psnr(high!.data, picture.data), 20);
    loaded.dispose();
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("variants start from the codec, and two decoders read one latent", async () => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;
    const run = async (variant: CodecVariant) => {
      const wanted = { ...training, variant };
      const { weights, history } = await trainCodec(
        await makeTask(place, { training: wanted }),
      );
      const steps = history.flatMap((record) =>
        record.kind === "step" ? [{ run: record.run, loss: record.loss }] : []
      );
      assertEquals(steps.length, 3);
      const [first, cooled, own] = steps;
      return { weights, first: [first!, cooled!], own: own! };
    };
    const [high, two, again] = [
      await run("high-only"),
      await run("two-decoders"),
      await run("two-decoders"), // read from its checkpoint
    ];
    assertEquals(two.first, high.first);
    assertEquals(high.own.run, "codec, high-only");
    // It still counts what the medium image costs, high-only does not.
    assertGreater(two.own.loss, high.own.loss);
    const filters = two.weights.get("medium/0/filters")!;
    assertEquals(filters.shape, [3, 3, 193, tinySettings.mediumWidth]);
    const added = tf.tidy(() =>
      filters.slice([0, 0, 48, 0], [3, 3, 144, -1]).abs().max().dataSync()[0]!
    );
    assertGreater(added, 0);
    assertEquals(
      again.weights.get("medium/0/filters")!.dataSync(),
      filters.dataSync(),
    );
    const all = [high, two, again].flatMap(({ weights }) => [
      ...weights.values(),
    ]);
    tf.dispose(all);
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("training goes on from trained weights, if they fit", async () => {
  await withWorkplace(async (place) => {
    const trained = await trainCodec(await makeTask(place));
    const start = writeCodecStart(trained.weights);
    const rate = 1e-9; // nothing moves
    const later = await trainCodec(
      await makeTask(place, {
        training: { ...training, rate, coolSteps: 0 },
        start,
      }),
    );
    for (const [name, weight] of later.weights) {
      const [a, b] = [weight, trained.weights.get(name)!]
        .map((weight) => Array.from(weight.dataSync()));
      const worst = a!.reduce(
        (most, x, i) =>
          Math.max(most, Math.abs(x - b![i]!) / (1 + Math.abs(x))),
        0,
      );
      assertLess(worst, 1e-3, name);
    }
    const wider = { ...training, network: { ...tinySettings, mediumWidth: 6 } };
    const task = await makeTask(place, { training: wider, start });
    const error = await assertRejects(() => trainCodec(task), CodecStartError);
    assertEquals(
      error.message,
      'The weights to start from have "medium/0/filters" of shape [3,3,49,5], ' +
        "but it must be [3,3,49,6].",
    );
    tf.dispose([...trained.weights.values(), ...later.weights.values()]);
  });
});
