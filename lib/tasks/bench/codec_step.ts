/**
 * The codec's training step on random images, and the file from which the peers
 * make the same one: weights, a batch, and its loss if values are rounded.
 *
 * @module
 */
import { CHANNEL_GROUPS } from "@/codec/model/channel_groups.ts";
import { CELL_KINDS } from "@/codec/transform/block_sizes.ts";
import { channelOrder } from "@/codec/transform/block_transform.ts";
import { CHANNELS, COLOURS } from "@/codec/transform/colour_dct.ts";
import { MAX_INPUT } from "@/codec/model/integer_layer.ts";
import { FINE_STEP } from "@/codec/entropy/trellis.ts";
import {
  HYPER_UNIT,
  LATENT_UNIT,
  STEP_PARTS,
} from "@/codec/model/latent_units.ts";
import {
  COARSE_OFFSET,
  DEFAULT_COARSENESS,
} from "@/codec/model/nested_quantiser.ts";
import { MEDIUM_SHARE } from "@/codec/model/quality.ts";
import { type CodecBatch, toCodecBatch } from "@/codec/training/codec_batch.ts";
import { codecWeights } from "@/codec/training/codec_weights.ts";
import {
  codecLoss,
  FIRST_LAYER_WEIGHT,
  THUMBNAIL_SHARE,
} from "@/codec/training/objective.ts";
import { PATH_WIDTH } from "@/codec/training/rate_pass.ts";
import { CODEC_TRAINING } from "@/codec/training/train_codec.ts";
import { type StoredTensor, writeSafetensors } from "@/models/safetensors.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { Adam } from "@/training/mod.ts";

/** Norms as if all coefficients were about 1. */
export const UNIT_NORMS = {
  cells: new Float32Array(CHANNELS).fill(1),
  kinds: new Float32Array(CELL_KINDS * CHANNELS).fill(1),
};

/** A training step, and what it is given. */
export interface CodecStep extends Disposable {
  /** Takes the step and returns the loss and its parts; to be compiled. */
  readonly step: (
    batch: CodecBatch,
    rate: tf.Scalar,
    noise: tf.Tensor1D,
  ) => Record<string, tf.Scalar>;
  /** What the step takes. */
  readonly args: [CodecBatch, tf.Scalar, tf.Tensor1D];
  /** All weights by name. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
}

/**
 * Makes the codec's training step.
 *
 * @param side Side of the high images in pixels, a multiple of 64.
 * @param batchSize Images per step.
 * @returns The step, and random images.
 */
export function codecStep(side: number, batchSize: number): CodecStep {
  const { network, clipNorm } = CODEC_TRAINING;
  const weights = codecWeights(network, UNIT_NORMS, 1);
  const learned = [...weights].filter(([, { trainable }]) => trainable);
  const adam = new Adam(new Map(learned), { clipNorm });
  const random = seededRandom(1, "images");
  const images = (side: number) =>
    Float32Array.from({ length: batchSize * side * side * 3 }, () => random());
  const levels = Array.from({ length: batchSize }, (_, i) => i / batchSize);
  const [high, medium] = [images(side), images(side / 2)];
  const coarseness = levels.map(() => DEFAULT_COARSENESS);
  const batch = toCodecBatch({ high, medium, side, levels, coarseness });
  return {
    step: (batch, rate, noise) =>
      adam.minimize(rate, () => ({
        ...codecLoss(batch, (name) => weights.get(name)!, noise),
      })),
    args: [batch, tf.scalar(1e-3), tf.tensor1d([1, 1], "int32")],
    weights,
    [Symbol.dispose]: () => adam.dispose(),
  };
}

/**
 * Writes what the peers of the benchmark make the same step from.
 *
 * @param path The file, in the safetensors format.
 * @param step The step, before it is taken.
 */
export async function writeCodecStep(
  path: string,
  { args: [batch], weights }: CodecStep,
): Promise<void> {
  const parts = codecLoss(batch, (name) => weights.get(name)!);
  const stored = [
    ...weights,
    ...Object.entries(batch).map(([name, x]) => [`batch/${name}`, x] as const),
  ].map(([name, tensor]): [string, StoredTensor] => [
    name,
    { shape: tensor.shape, data: tensor.dataSync() as Float32Array },
  ]);
  const codec = {
    loss: parts.loss.dataSync()[0],
    trainable: [...weights].flatMap(([name, weight]) =>
      weight.trainable ? [name] : []
    ),
    groups: CHANNEL_GROUPS.map(({ index, size, layer, passes }) => ({
      ...{ index, size, layer },
      passes: passes.length,
    })),
    orders: { 8: channelOrder(8), 4: channelOrder(4) },
    colours: COLOURS,
    clipNorm: CODEC_TRAINING.clipNorm,
    latentLimit: MAX_INPUT / LATENT_UNIT,
    hyperUnit: HYPER_UNIT,
    hyperLimit: MAX_INPUT / HYPER_UNIT,
    coarseOffset: COARSE_OFFSET,
    fineStep: FINE_STEP / STEP_PARTS,
    pathWidth: PATH_WIDTH,
    mediumShare: MEDIUM_SHARE,
    firstLayerWeight: FIRST_LAYER_WEIGHT,
    thumbnailShare: THUMBNAIL_SHARE,
  };
  tf.dispose({ ...parts });
  const tensors = new Map(stored);
  const metadata = { codec: JSON.stringify(codec) };
  await Deno.writeFile(path, writeSafetensors({ tensors, metadata }));
}
