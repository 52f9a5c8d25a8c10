/**
 * From a trained codec to the file of weights that is published.
 *
 * @module
 */

import { visitValues } from "@/codec/encode/encode_layers.ts";
import { type CodecSettings, loadModel } from "@/codec/model/codec_model.ts";
import { readWeights, writeWeights } from "@/codec/model/weights_file.ts";
import type { Pairs } from "@/datasets/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { RunControls } from "@/training/mod.ts";
import { type CodecBatch, onePair } from "./codec_batch.ts";
import { ValueCounter } from "./fit_tables.ts";
import { makeCodecModel, observeActivations } from "./make_model.ts";

/** The number of photos that activations and values are observed in. */
const OBSERVED_PHOTOS = 48;

/** Levels at which activations are observed. */
const OBSERVED_LEVELS = [0, 0.25, 0.5, 0.75, 1];

/** Qualities at which values are counted. */
const COUNTED_QUALITIES = [1, 12, 23, 34, 45, 56, 67, 78, 89, 100];

/**
 * Makes the file of weights.
 *
 * @param settings Widths of the networks.
 * @param weights Trained weights by name.
 * @param pairs The pairs of the training split.
 * @param controls How to watch and to stop it.
 * @returns The file, for `readWeights`.
 */
export async function makeCodec(
  settings: CodecSettings,
  weights: ReadonlyMap<string, tf.Variable>,
  pairs: Pairs,
  { onProgress, signal }: RunControls,
): Promise<Uint8Array<ArrayBuffer>> {
  const every = Math.max(1, Math.floor(pairs.count / OBSERVED_PHOTOS));
  const photos = Array.from(
    { length: Math.min(OBSERVED_PHOTOS, pairs.count) },
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
  const first = makeCodecModel(settings, values, activations);
  // Rounded, as the weights will be read.
  const model = readWeights(await writeWeights(first));
  const loaded = loadModel(model);
  const counter = new ValueCounter();
  try {
    const { highSize } = pairs;
    for (const [done, index] of photos.entries()) {
      const data = pairs.high(index);
      const photo = { width: highSize, height: highSize, data };
      for (const quality of COUNTED_QUALITIES) {
        await visitValues(loaded, photo, { quality, signal }, counter);
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
    for (const level of OBSERVED_LEVELS) {
      const batch = onePair(pairs, photo, level, anchors);
      yield batch;
      tf.dispose({ ...batch });
    }
  }
}
