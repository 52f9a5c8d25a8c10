/**
 * How good photos are that come out of networks, on 8-bit pixels.
 *
 * @module
 */

import type { Pairs, PairSize } from "@/datasets/mod.ts";
import { type Pixels, resizeImage } from "@/images/mod.ts";
import { finiteDb, mean, msSsim, msSsimScales, psnr } from "@/metrics/mod.ts";
import type { tf } from "@/tensorflow/mod.ts";
import { originals, reconstruct } from "@/training/images.ts";

/** Means over a split, each of single photos. */
export interface Quality {
  /** PSNR in dB. */
  readonly psnrDb: number;
  /** MS-SSIM, 0 to 1. */
  readonly msssim: number;
}

/**
 * Measures photos against their originals.
 *
 * @param photos At least one, all of one size.
 * @param against The originals, of the same sizes.
 * @returns Means over the photos.
 */
export function measureQuality(
  photos: readonly Pixels[],
  against: readonly Pixels[],
): Quality {
  const scales = msSsimScales(photos[0]!.width, photos[0]!.height);
  const msssim = mean(
    photos.map((photo, i) => msSsim(photo, against[i]!, { scales })),
  );
  return { psnrDb: meanPsnr(photos, against), msssim };
}

/**
 * The mean PSNR of photos against their originals.
 *
 * @param photos Photos that were changed.
 * @param against The originals, of the same sizes.
 * @returns Decibels; a photo without any loss counts as 60 dB.
 */
export function meanPsnr(
  photos: readonly Pixels[],
  against: readonly Pixels[],
): number {
  return mean(
    photos.map((photo, i) => finiteDb(psnr(photo.data, against[i]!.data))),
  );
}

/**
 * Scales photos to the size of others by Lanczos.
 *
 * @param photos Such as decoded high images.
 * @param like Photos of the wanted sizes, such as the medium images.
 * @returns The scaled photos, in order.
 */
export function scaleLike(
  photos: readonly Pixels[],
  like: readonly Pixels[],
): Promise<Pixels[]> {
  return Promise.all(photos.map((photo, i) => {
    const { width, height } = like[i]!;
    return resizeImage(photo, width, height);
  }));
}

/** PSNR in dB, means over a split. */
export interface CodeScores {
  /** The medium image from the high code. */
  readonly mediumFromHighDb: number;
  /** The high image from the high code, scaled down by Lanczos. */
  readonly highScaledDownDb: number;
  /** The high image from its code. */
  readonly highDb: number;
}

/** A decoder of images. */
export interface CodeDecoder {
  /**
   * Decodes codes.
   *
   * @param codes `[n, side, side, C]`.
   * @returns Images, about 0..1.
   */
  decode(codes: tf.Tensor4D): tf.Tensor4D;
}

/** An encoder of images and the decoder of its codes. */
export interface CodeNetwork extends CodeDecoder {
  /**
   * Encodes images.
   *
   * @param images `[n, side, side, 3]` in 0..1.
   * @returns Their codes.
   */
  encode(images: tf.Tensor4D): tf.Tensor4D;
}

/**
 * Passes a split through a network: its images from its own codes.
 *
 * @param pairs The split.
 * @param size Which image of each pair.
 * @param network Encoder and decoder of such images.
 * @returns The reconstructions, in order.
 */
export function ownImages(
  pairs: Pairs,
  size: PairSize,
  network: CodeNetwork,
): Pixels[] {
  return reconstruct(pairs, size, (x) => network.decode(network.encode(x)));
}

/** The networks that {@linkcode measureCodes} measures. */
export interface CodeNetworks {
  /** Encoder and decoder of high images. */
  readonly high: CodeNetwork;
  /** The decoder of medium images. */
  readonly medium: CodeDecoder;
}

/** Scores, and the medium images that were scored. */
export interface MeasuredCodes {
  /** Means over the split. */
  readonly scores: CodeScores;
  /** Medium images from the high code, in the order of the pairs. */
  readonly fromHigh: readonly Pixels[];
  /** The high images scaled down, in the order of the pairs. */
  readonly scaledDown: readonly Pixels[];
}

/**
 * Measures what high codes are good for: the high image, that image scaled
 * down, and the medium image from a decoder of its own.
 *
 * @param pairs A split, such as the test photos.
 * @param networks The encoder and both decoders.
 * @returns Scores and images.
 */
export async function measureCodes(
  pairs: Pairs,
  { high, medium }: CodeNetworks,
): Promise<MeasuredCodes> {
  const images = originals(pairs, "medium");
  const through = (decoder: CodeDecoder) =>
    reconstruct(pairs, "high", (x) => decoder.decode(high.encode(x)));
  const decoded = through(high);
  const fromHigh = through(medium);
  const scaledDown = await scaleLike(decoded, images);
  return {
    scores: {
      mediumFromHighDb: meanPsnr(fromHigh, images),
      highScaledDownDb: meanPsnr(scaledDown, images),
      highDb: meanPsnr(decoded, originals(pairs, "high")),
    },
    fromHigh,
    scaledDown,
  };
}
