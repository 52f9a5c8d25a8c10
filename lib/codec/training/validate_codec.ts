/**
 * The codec's networks on validation photos while they are trained: losses, and
 * what a photo looks like.
 *
 * @module
 */

import { photoGrid } from "@/charts/mod.ts";
import { anchorWeights, type CodecBatch, codecPass, lambdaAt } from "./mod.ts";
import type { Pairs } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { toPixels } from "@/experiment/reconstruct.ts";

/** Levels that are validated. */
const LEVELS = [0.2, 0.5, 0.8];

/**
 * Images as a batch for the codec.
 *
 * @param high `[n, side, side, 3]` in 0..1.
 * @param medium `[n, side / 2, side / 2, 3]`, of the same pairs.
 * @param side Of the high images.
 * @param levels Quality of each, 0..1.
 * @param anchors How many the codec has.
 */
export function toCodecBatch(
  high: Float32Array,
  medium: Float32Array,
  side: number,
  levels: readonly number[],
  anchors: number,
): CodecBatch {
  const n = levels.length;
  return {
    high: tf.tensor4d(high, [n, side, side, 3]),
    medium: tf.tensor4d(medium, [n, side / 2, side / 2, 3]),
    level: tf.tensor2d([...levels], [n, 1]),
    anchors: tf.tensor2d(
      levels.map((level) => anchorWeights(level, anchors)),
      [n, anchors],
    ),
    lambda: tf.tensor1d(levels.map(lambdaAt)),
  };
}

/** One pair at one level. */
function onePair(
  pairs: Pairs,
  index: number,
  level: number,
  anchors: number,
): CodecBatch {
  const image = (bytes: Uint8Array) =>
    Float32Array.from(bytes, (value) => value / 255);
  return toCodecBatch(
    image(pairs.high(index)),
    image(pairs.medium(index)),
    pairs.highSize,
    [level],
    anchors,
  );
}

/** Losses by name as numbers; the tensors are disposed. */
export function readParts(
  parts: Record<string, tf.Scalar>,
): Record<string, number> {
  const values = Object.entries(parts)
    .map(([name, value]) => [name, value.dataSync()[0]!] as const);
  tf.dispose(Object.values(parts));
  return Object.fromEntries(values);
}

/**
 * Rates and errors of the validation photos; PSNR of the high images.
 *
 * @param pairs The photos.
 * @param check Gives the losses of a batch by name.
 * @param anchors How many the codec has.
 */
export function validateCodec(
  pairs: Pairs,
  check: (batch: CodecBatch) => Record<string, tf.Scalar>,
  anchors: number,
): { validLoss: number; validPsnrDb: number; parts: Record<string, number> } {
  const found: Record<string, number>[] = [];
  for (let i = 0; i < pairs.count; i++) {
    for (const level of LEVELS) {
      const inputs = onePair(pairs, i, level, anchors);
      found.push(readParts(check(inputs)));
      tf.dispose({ ...inputs });
    }
  }
  const mean = (name: string, change = (x: number) => x) =>
    found.reduce((sum, parts) => sum + change(parts[name]!), 0) / found.length;
  const decibels = (mse: number) => 10 * Math.log10(255 ** 2 / mse);
  return {
    validLoss: mean("loss"),
    validPsnrDb: mean("highMse", decibels),
    parts: {
      bpp: mean("bpp"),
      mediumBpp: mean("mediumBpp"),
      mediumPsnrDb: mean("mediumMse", decibels),
    },
  };
}

/**
 * A figure of the first validation photo, high over medium: as it is, and out
 * of the networks at each level.
 *
 * @param pairs The photos.
 * @param weights The networks' weights by name.
 * @param anchors How many the codec has.
 * @returns A JPEG file.
 */
export async function codecPhotos(
  pairs: Pairs,
  weights: (name: string) => tf.Tensor,
  anchors: number,
): Promise<Uint8Array> {
  const { highSize, mediumSize } = pairs;
  const pixels = (side: number, data: Uint8Array): Pixels => {
    return { width: side, height: side, data };
  };
  const high = [pixels(highSize, pairs.high(0))];
  const medium = [pixels(mediumSize, pairs.medium(0))];
  for (const level of LEVELS) {
    tf.tidy(() => {
      const pass = codecPass(onePair(pairs, 0, level, anchors), weights);
      high.push(...toPixels(pass.high));
      medium.push(...toPixels(pass.medium));
    });
  }
  return await photoGrid({
    columns: ["Original", ...LEVELS.map((level) => `Level ${level}`)],
    rows: [
      { label: "High", photos: high },
      { label: "Medium", photos: medium },
    ],
    format: "jpeg",
  });
}
