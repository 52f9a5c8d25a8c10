/** The codec's training and its file of weights, on few photos and few steps. */
import { codePicture } from "@/codec/code_image.ts";
import { loadModel } from "@/codec/codec_model.ts";
import { decodeLayers } from "@/codec/decode_layers.ts";
import { readWeights } from "@/codec/weights_file.ts";
import { psnr } from "@/metrics/mod.ts";
import { makeCodec } from "@/sections/make_codec.ts";
import type { RunRecord } from "@/sections/mod.ts";
import { type CodecTraining, trainCodec } from "@/sections/train_codec.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals, assertGreater } from "@std/assert";
import { tinySettings } from "../codec/_tiny_model.ts";
import { drawPhoto, makeContext, withWorkplace } from "./_photos.ts";

const training: CodecTraining = {
  network: tinySettings,
  trainPairs: 6,
  pairSize: 64,
  windowSize: 32,
  batchSize: 2,
  rate: 1e-3,
  coolSteps: 1,
  clipNorm: 1,
  mediumShare: 0.25,
};

Deno.test("the codec trains, goes on for more steps, cools and codes", async () => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;
    const run = async (steps: number) => {
      const records: RunRecord[] = [];
      const context = makeContext("data", place, {
        controls: { onRecord: (record) => records.push(record) },
      });
      const trained = await trainCodec(training, steps, context);
      assertEquals(records, trained.history);
      return trained;
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
      long.data.pairs.train,
      {},
    );
    tf.dispose([...long.weights.values()]);
    const loaded = loadModel(readWeights(file));
    const picture = drawPhoto(48, "codec");
    const layers = await codePicture(loaded, picture, 80);
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
