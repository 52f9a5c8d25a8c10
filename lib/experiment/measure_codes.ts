/**
 * What high codes are good for: the high image, that image scaled down, and
 * the medium image from a decoder of its own.
 *
 * @module
 */

import type { Pairs } from "@/datasets/mod.ts";
import { type Pixels, resizeImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import type { tf } from "@/tensorflow/mod.ts";
import { finiteDb, mean, originals, reconstruct } from "./reconstruct.ts";

/** PSNR in dB, means over a split. */
export interface CodeScores {
  /** The medium image from the high code. */
  readonly mediumFromHighDb: number;
  /** The high image from the high code, scaled down by Lanczos. */
  readonly highScaledDownDb: number;
  /** The high image from its code. */
  readonly highDb: number;
}

/** The networks that are measured. */
export interface CodeNetworks {
  /** High images to codes. */
  encode(high: tf.Tensor4D): tf.Tensor4D;
  /** Codes to high images. */
  decodeHigh(codes: tf.Tensor4D): tf.Tensor4D;
  /** Codes to medium images. */
  decodeMedium(codes: tf.Tensor4D): tf.Tensor4D;
}

/** Scores, and the medium images that were scored. */
export interface MeasuredCodes extends CodeScores {
  /** From the high code, in the order of the pairs. */
  readonly fromHigh: readonly Pixels[];
  /** Scaled down, in the order of the pairs. */
  readonly scaledDown: readonly Pixels[];
}

/**
 * Measures networks on 8-bit pixels.
 *
 * @param pairs A split, such as the test photos.
 * @param networks The encoder and both decoders.
 */
export async function measureCodes(
  pairs: Pairs,
  { encode, decodeHigh, decodeMedium }: CodeNetworks,
): Promise<MeasuredCodes> {
  const medium = originals(pairs, "medium");
  const decoded = reconstruct(pairs, "high", (x) => decodeHigh(encode(x)));
  const fromHigh = reconstruct(pairs, "high", (x) => decodeMedium(encode(x)));
  const scaledDown = await Promise.all(
    decoded.map((photo) =>
      resizeImage(photo, pairs.mediumSize, pairs.mediumSize)
    ),
  );
  return {
    mediumFromHighDb: meanPsnr(fromHigh, medium),
    highScaledDownDb: meanPsnr(scaledDown, medium),
    highDb: meanPsnr(decoded, originals(pairs, "high")),
    fromHigh,
    scaledDown,
  };
}

/**
 * Mean PSNR in dB of photos against their originals.
 *
 * @param photos As many as originals, of the same sizes.
 * @param against The originals.
 */
export function meanPsnr(
  photos: readonly Pixels[],
  against: readonly Pixels[],
): number {
  return mean(
    photos.map((photo, i) => finiteDb(psnr(photo.data, against[i]!.data))),
  );
}
