/** A codec of a few random weights, and pictures to code with it. */
import {
  type CodecModel,
  type CodecSettings,
  type LoadedModel,
  loadModel,
} from "@/codec/model/codec_model.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { lambdaAt } from "@/codec/model/quality.ts";
import { codecWeights } from "@/codec/training/codec_weights.ts";
import {
  makeCodecModel,
  observeActivations,
} from "@/codec/training/make_model.ts";
import {
  anchorWeights,
  type CodecBatch,
} from "@/codec/training/codec_batch.ts";
import type { Pixels } from "@/images/pixels.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";

/** Widths as small as they go. */
export const tinySettings: CodecSettings = {
  analysisWidth: 6,
  hyperChannels: 3,
  hyperWidth: 4,
  featureChannels: 5,
  groupWidths: [4, 5, 6, 7, 8],
  synthesisWidth: 6,
  detailWidth: 4,
  mediumWidth: 5,
  anchors: 3,
};

/** A smooth picture with some grain. */
export function drawPicture(
  width: number,
  height: number,
  key: string,
): Pixels {
  const random = seededRandom("picture", key);
  const waves = Array.from({ length: 3 }, () => [random(), random(), random()]);
  const data = new Uint8Array(width * height * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [a, b, c] of waves) {
        const wave = Math.sin((a! - 0.5) * x / 6 + (b! - 0.5) * y / 6 + 6 * c!);
        data[at++] = 128 + 80 * wave + 20 * (random() - 0.5);
      }
    }
  }
  return { width, height, data };
}

/** Root mean squares of a photo's coefficients, about. */
const norms = Float32Array.from(
  { length: CHANNELS },
  (_, i) => 400 / (1 + i / 3),
);

/** Random weights, all of which do something. */
export function tinyWeights(): Map<string, tf.Variable> {
  const random = seededRandom("tiny model");
  const weights = codecWeights(tinySettings, norms, 1);
  for (const [name, { trainable }] of weights) {
    if (!trainable || name === "gains") continue;
    const weight = weights.get(name)!;
    const noise = Float32Array.from({ length: weight.size }, random);
    tf.tidy(() =>
      weight.assign(
        weight.add(tf.tensor(noise, weight.shape).sub(0.5).mul(0.05)),
      )
    );
  }
  return weights;
}

/** A batch of one picture. */
export function batchOf(
  { width, height, data }: Pixels,
  level: number,
): CodecBatch {
  const high = tf.tidy(() =>
    tf.tensor4d(Float32Array.from(data), [1, height, width, 3]).div(255)
  ) as tf.Tensor4D;
  return {
    high,
    medium: tf.avgPool(high, 2, 2, "valid"),
    level: tf.tensor2d([level], [1, 1]),
    anchors: tf.tensor2d([anchorWeights(level, tinySettings.anchors)]),
    lambda: tf.tensor1d([lambdaAt(level)]),
  };
}

/** The tiny model; it is not loaded. */
export function tinyModel(): CodecModel {
  const weights = tinyWeights();
  const batches = [0.2, 0.8].map((level) =>
    batchOf(drawPicture(64, 64, "activations"), level)
  );
  const found = observeActivations((name) => weights.get(name)!, batches);
  const values = new Map(
    Array.from(weights, ([name, weight]) => [
      name,
      { shape: weight.shape, values: weight.dataSync() as Float32Array },
    ]),
  );
  tf.dispose([...weights.values()]);
  for (const batch of batches) tf.dispose({ ...batch });
  return makeCodecModel(tinySettings, values, found);
}

/** The tiny model as one whose medium image is made from all latents. */
export function oneLatentModel(): CodecModel {
  const model = tinyModel();
  const { values, shape } = model.real.get("medium/0/filters")!;
  const [side, , from, to] = shape as [number, number, number, number];
  const all = CHANNELS + 1;
  const random = seededRandom("one latent");
  const wide = Float32Array.from(
    { length: side * side * all * to },
    (_, i) => {
      const tap = Math.floor(i / (all * to));
      const channel = Math.floor(i / to) % all;
      // The same for what was read before, the level being the last of both.
      const old = channel === all - 1 ? from - 1 : channel;
      const isOld = channel < from - 1 || channel === all - 1;
      return isOld
        ? values[(tap * from + old) * to + i % to]!
        : 0.02 * (random() - 0.5);
    },
  );
  const real = new Map(model.real);
  real.set("medium/0/filters", {
    shape: [side, side, all, to],
    values: wide,
  });
  return { ...model, real };
}

/** Loads the tiny model for as long as the work takes. */
export async function withTinyModel(
  work: (loaded: LoadedModel) => Promise<void>,
): Promise<void> {
  const loaded = loadModel(tinyModel());
  try {
    await work(loaded);
  } finally {
    loaded.dispose();
  }
}
