/**
 * From a trained codec to the file of weights that is published.
 *
 * @module
 */

import { walk } from "@/codec/encode/code_image.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import { ValueCounter } from "./fit_model_tables.ts";
import { makeModel, observeActivations } from "./make_model.ts";
import type { CodecBatch, CodecSettings } from "./mod.ts";
import { readWeights, writeWeights } from "@/codec/model/weights_file.ts";
import type { Pairs } from "@/datasets/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { RunControls } from "@/training/mod.ts";
import { onePair } from "./validate_codec.ts";

/** Photos that activations and values are looked at of. */
const PHOTOS = 48;

/** Levels that activations are looked at. */
const LEVELS = [0, 0.25, 0.5, 0.75, 1];

/** Qualities that values are counted at. */
const QUALITIES = [1, 12, 23, 34, 45, 56, 67, 78, 89, 100];

/**
 * Makes the file of weights.
 *
 * @param settings Widths of the networks.
 * @param weights Trained ones, by name.
 * @param pairs The train pairs.
 * @param controls How to watch and to stop it.
 * @returns The file's bytes; `readWeights` reads them.
 */
export async function makeCodec(
  settings: CodecSettings,
  weights: ReadonlyMap<string, tf.Variable>,
  pairs: Pairs,
  { onProgress, signal }: RunControls,
): Promise<Uint8Array<ArrayBuffer>> {
  const every = Math.max(1, Math.floor(pairs.count / PHOTOS));
  const photos = Array.from(
    { length: Math.min(PHOTOS, pairs.count) },
    (_, i) => i * every,
  );
  const activations = observeActivations(
    (name) => weights.get(name)!,
    batches(pairs, photos, settings.anchors),
  );
  const values = new Map(
    Array.from(weights, ([name, weight]) => [
      name,
      { shape: weight.shape, values: weight.dataSync() as Float32Array },
    ]),
  );
  const first = makeModel(settings, values, activations);
  // The weights as they will be read, rounded.
  const model = readWeights(await writeWeights(first));
  const loaded = loadModel(model);
  const counter = new ValueCounter();
  try {
    for (const [done, photo] of photos.entries()) {
      signal?.throwIfAborted();
      const picture = {
        width: pairs.highSize,
        height: pairs.highSize,
        data: pairs.high(photo),
      };
      for (const quality of QUALITIES) {
        await walk(loaded, picture, quality, counter, counter);
      }
      onProgress?.({
        phase: "Counting the codec's values",
        done: done + 1,
        total: photos.length,
      });
    }
  } finally {
    loaded.dispose();
  }
  return await writeWeights({ ...model, tables: counter.tables() });
}

function* batches(
  pairs: Pairs,
  photos: readonly number[],
  anchors: number,
): Generator<CodecBatch> {
  for (const photo of photos) {
    for (const level of LEVELS) {
      const batch = onePair(pairs, photo, level, anchors);
      yield batch;
      tf.dispose({ ...batch });
    }
  }
}
