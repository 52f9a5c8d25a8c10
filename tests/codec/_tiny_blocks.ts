/** A codec with blocks of several sizes and few random weights. */
import { loadBlocks, type LoadedBlocks } from "@/codec/model/block_model.ts";
import { CELL_KINDS } from "@/codec/model/block_sizes.ts";
import { makeBlockModel, observeBlocks } from "@/codec/training/make_blocks.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import {
  type BlockBatch,
  withCoarseness,
} from "@/codec/training/block_objective.ts";
import type { BlockSettings } from "@/codec/model/block_settings.ts";
import { blockWeights } from "@/codec/training/block_weights.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { lambdaAt } from "@/codec/model/quality.ts";
import { anchorWeights } from "@/codec/training/codec_batch.ts";
import type { Pixels } from "@/images/pixels.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";

/** Widths as small as they go. */
export const tinyBlocks: BlockSettings = {
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

const norm = (_: unknown, i: number) => 400 / (1 + i % CHANNELS / 3);

/** Random weights by name, to be disposed. */
export function tinyBlockWeights(seed = 1): Map<string, tf.Variable> {
  return blockWeights(tinyBlocks, {
    cells: Float32Array.from({ length: CHANNELS }, norm),
    kinds: Float32Array.from({ length: CELL_KINDS * CHANNELS }, norm),
  }, seed);
}

/** Pictures at levels, to be disposed. */
export function blockBatch(
  pictures: readonly Pixels[],
  levels: readonly number[],
  coarseness: readonly number[],
): BlockBatch {
  const { width, height } = pictures[0]!;
  const high = tf.tensor4d(
    pictures.flatMap(({ data }) => Array.from(data, (value) => value / 255)),
    [pictures.length, height, width, 3],
  );
  return withCoarseness({
    high,
    medium: tf.avgPool(high, 2, 2, "valid"),
    level: tf.tensor2d([...levels], [levels.length, 1]),
    anchors: tf.tensor2d(
      levels.map((level) => anchorWeights(level, tinyBlocks.anchors)),
    ),
    lambda: tf.tensor1d(levels.map(lambdaAt)),
  }, coarseness);
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

/** The codec of the random weights, to be disposed. */
export function tinyBlockCodec(seed = 1): LoadedBlocks {
  const weights = tinyBlockWeights(seed);
  const batch = blockBatch(
    COARSENESS.map((_, i) => drawHalves(64, 64, `${i}`)),
    [0, 0.3, 0.6, 1],
    [0, 1, 2, 3],
  );
  try {
    const activations = observeBlocks((name) => weights.get(name)!, [batch]);
    const values = new Map(
      Array.from(weights, ([name, weight]) => [
        name,
        { shape: weight.shape, values: weight.dataSync() as Float32Array },
      ]),
    );
    return loadBlocks(makeBlockModel(tinyBlocks, values, activations));
  } finally {
    tf.dispose([...weights.values(), { ...batch }]);
  }
}
