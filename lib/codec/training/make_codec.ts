/**
 * From a trained codec to the file of weights that is published: networks that
 * predict probabilities become networks of whole numbers, and tables are fitted
 * to the values of photos.
 *
 * @module
 */

import { RATE_WEIGHT } from "@/codec/encode/encode_image.ts";
import { visitValues } from "@/codec/encode/encode_layers.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import type { CodecSettings } from "@/codec/model/codec_settings.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import type { Pairs } from "@/datasets/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { RunControls } from "@/training/mod.ts";
import { type CodecBatch, onePair } from "./codec_batch.ts";
import { VISITS, writeFitted } from "./fit_tables.ts";
import { makeCodecModel, observeActivations } from "./make_model.ts";

/** The number of photos that activations and values are observed in. */
const OBSERVED_PHOTOS = 48;

/** Levels at which activations are observed. */
const OBSERVED_LEVELS = [0, 0.25, 0.5, 0.75, 1];

/** Qualities at which values are counted. */
const COUNTED_QUALITIES = [1, 12, 21, 31, 41, 50, 60, 70, 80, 90, 100];

/**
 * Makes the file of weights of a trained codec.
 *
 * @param settings Widths of the networks.
 * @param weights Trained weights by name.
 * @param pairs Photos that activations and values are observed in.
 * @param controls How to watch and to stop it.
 * @returns The file.
 * @throws {RangeError} If weights are too large for whole numbers.
 * @throws The signal's reason, once it is aborted.
 */
export async function makeCodec(
  settings: CodecSettings,
  weights: ReadonlyMap<string, tf.Variable>,
  pairs: Pairs,
  { onProgress, signal }: RunControls = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const every = Math.max(1, Math.floor(pairs.count / OBSERVED_PHOTOS));
  const photos = Array.from(
    { length: Math.min(OBSERVED_PHOTOS, pairs.count) },
    (_, i) => i * every,
  );
  const activations = observeActivations(
    (name) => weights.get(name)!,
    batches(pairs, photos),
  );
  const made = makeCodecModel(settings, weights, activations);
  let done = 0;
  return await writeFitted(made, loadModel, async (loaded, coder) => {
    const { highSize } = pairs;
    for (const index of photos) {
      const data = pairs.high(index);
      const photo = { width: highSize, height: highSize, data };
      for (const quality of COUNTED_QUALITIES) {
        // The finest first layer has only fine values.
        await visitValues(loaded, photo, {
          ...{ quality, coarseness: 0, signal },
          rateWeight: RATE_WEIGHT,
        }, coder);
      }
      onProgress?.({
        phase: "Counting the codec's values",
        done: ++done,
        total: photos.length * VISITS,
      });
    }
  });
}

function* batches(
  pairs: Pairs,
  photos: readonly number[],
): Generator<CodecBatch> {
  for (const [i, photo] of photos.entries()) {
    for (const level of OBSERVED_LEVELS) {
      const batch = onePair(pairs, photo, level, i % COARSENESS.length);
      yield batch;
      tf.dispose({ ...batch });
    }
  }
}
