/** A codec of a few random weights, and pictures to code with it. */
import { CELL_KINDS } from "@/codec/transform/block_sizes.ts";
import {
  type CodecModel,
  type LoadedModel,
  loadModel,
} from "@/codec/model/codec_model.ts";
import type { CodecSettings } from "@/codec/model/codec_settings.ts";
import { CHANNELS } from "@/codec/transform/colour_dct.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import { type CodecBatch, toCodecBatch } from "@/codec/training/codec_batch.ts";
import { clipWeights } from "@/codec/training/clip_weights.ts";
import { type RateInputs, ratePass } from "@/codec/training/rate_pass.ts";
import { codecWeights } from "@/codec/training/codec_weights.ts";
import {
  makeCodecModel,
  observeActivations,
} from "@/codec/training/make_model.ts";
import type { Pixels } from "@/images/pixels.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";

/** Widths as small as they go. */
export const tinySettings: CodecSettings = {
  hyperChannels: 3,
  hyperWidth: 4,
  priorWidth: 3,
  featureChannels: 5,
  groupWidths: [4, 5, 6, 7, 8],
  synthesisWidth: 6,
  detailWidth: 4,
  mediumWidth: 5,
  anchors: 3,
};

/** What is added to all weights, so that none is 0. */
const NOISE = 0.05;

const norm = (_: unknown, i: number) => 400 / (1 + i % CHANNELS / 3);

/** Random weights by name, all of which do something; to be disposed. */
export function tinyWeights(seed = 1): Map<string, tf.Variable> {
  const weights = codecWeights(tinySettings, {
    cells: Float32Array.from({ length: CHANNELS }, norm),
    kinds: Float32Array.from({ length: CELL_KINDS * CHANNELS }, norm),
  }, seed);
  for (const [name, weight] of weights) {
    if (!weight.trainable) continue;
    const random = seededRandom("tiny model", seed, name);
    const noise = Float32Array.from({ length: weight.size }, random);
    tf.tidy(() =>
      weight.assign(
        weight.add(tf.tensor(noise, weight.shape).sub(0.5).mul(NOISE)),
      )
    );
  }
  return weights;
}

/** Square pictures at levels, to be disposed. */
export function batchOf(
  pictures: readonly Pixels[],
  levels: readonly number[],
  coarseness: readonly number[] = levels.map(() => 1),
): CodecBatch {
  const high = Float32Array.from(
    pictures.flatMap(({ data }) => Array.from(data, (value) => value / 255)),
  );
  const side = pictures[0]!.width;
  const medium = tf.tidy(() =>
    tf.avgPool(
      tf.tensor4d(high, [pictures.length, side, side, 3]),
      2,
      2,
      "valid",
    ).dataSync() as Float32Array
  );
  return toCodecBatch({ high, medium, side, levels, coarseness });
}

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

/** A smooth picture, with grain on its right half. */
export function drawHalves(width: number, height: number, key: string): Pixels {
  const random = seededRandom("halves", key);
  const [a, b] = [random() / 30, random() / 30];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3), x = pixel % width;
    const wave = Math.sin(a * x + b * Math.floor(pixel / width) + i % 3);
    return 128 + 70 * wave + (x < width / 2 ? 0 : 100 * (random() - 0.5));
  });
  return { width, height, data };
}

/** The model of the random weights; it is not loaded. */
export function tinyModel(seed = 1): CodecModel {
  const weights = tinyWeights(seed);
  const batch = batchOf(
    COARSENESS.map((_, i) => drawHalves(64, 64, `${i}`)),
    [0, 0.3, 0.6, 1],
    [0, 1, 2, 3],
  );
  try {
    const activations = observeActivations(
      (name) => weights.get(name)!,
      [batch],
    );
    return makeCodecModel(tinySettings, weights, activations);
  } finally {
    tf.dispose([...weights.values(), { ...batch }]);
  }
}

/** The model of later frames that goes with it; it is not loaded. */
export function tinyClipModel(seed = 1): CodecModel {
  const photo = tinyWeights(seed);
  const weights = clipWeights(photo, seed);
  for (const [name, weight] of weights) {
    if (!weight.trainable) continue;
    const random = seededRandom("tiny clip model", seed, name);
    const noise = Float32Array.from({ length: weight.size }, random);
    tf.tidy(() =>
      weight.assign(
        weight.add(tf.tensor(noise, weight.shape).sub(0.5).mul(NOISE)),
      )
    );
  }
  const { medium, ...batch } = batchOf(
    COARSENESS.map((_, i) => drawHalves(64, 64, `${i}`)),
    [0, 0.3, 0.6, 1],
    [0, 1, 2, 3],
  );
  const before = tf.tidy(() => batch.high.mul(0.9) as tf.Tensor4D);
  const weight = (name: string) => weights.get(name)!;
  try {
    const activations = observeActivations<RateInputs>(
      weight,
      [{ ...batch, before }],
      (inputs, layer) => ratePass(inputs, weight, layer),
    );
    return makeCodecModel(tinySettings, weights, activations);
  } finally {
    tf.dispose([
      ...[...weights.values(), ...photo.values()],
      ...[{ ...batch }, medium, before],
    ]);
  }
}

/** Loads both tiny models for as long as the work takes. */
export async function withTinyClipModel(
  work: (loaded: LoadedModel) => Promise<void>,
): Promise<void> {
  const id = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const loaded = loadModel(tinyModel(), { ...tinyClipModel(), id });
  try {
    await work(loaded);
  } finally {
    loaded.dispose();
  }
}

/** Loads the tiny model for as long as the work takes. */
export async function withTinyModel(
  work: (loaded: LoadedModel) => Promise<void>,
  changes: Partial<CodecModel> = {},
): Promise<void> {
  const loaded = loadModel({ ...tinyModel(), ...changes });
  try {
    await work(loaded);
  } finally {
    loaded.dispose();
  }
}
