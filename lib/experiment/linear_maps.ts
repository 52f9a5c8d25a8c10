/**
 * Linear maps between what two encoders make of the same pairs, fitted by
 * least squares in closed form: how codes are related, and what a decoder gets
 * out of another network's code through a map.
 *
 *     images ▶ other encoder ▶ its code ▶ linear map ▶ decoder ▶ medium images
 *
 * @module
 */

import type { Pairs, PairSize } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import {
  applyLinearMap,
  type Autoencoder,
  CrossMoments,
  type LinearMap,
  neighbourhoods,
  toPatches,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { originals, reconstruct, tensors } from "@/training/images.ts";
import { meanPsnr } from "./measure.ts";
import { FIT_EVERY, type SectionData } from "./prepare_data.ts";

/** One side of a linear map: numbers at each position of a code or an image. */
export interface MapSide {
  /** Which image of each pair. */
  readonly size: PairSize;
  /** Numbers at a position. */
  readonly channels: number;
  /**
   * Makes the numbers.
   *
   * @param images `[n, side, side, 3]` in 0..1.
   * @returns `[n, positions, positions, channels]`; the same number of
   * positions on both sides.
   */
  readonly encode: (images: tf.Tensor4D) => tf.Tensor4D;
}

/**
 * The moments of what two encoders make of the same pairs.
 *
 * @param pairs The pairs.
 * @param from What a map takes.
 * @param to What it gives.
 * @param every Takes every nth pair only.
 */
export function relate(
  pairs: Pairs,
  from: MapSide,
  to: MapSide,
  every: number,
): CrossMoments {
  const moments = new CrossMoments(from.channels, to.channels);
  const targets = tensors(pairs, to.size, every);
  for (const images of tensors(pairs, from.size, every)) {
    const target = targets.next().value as tf.Tensor4D;
    tf.tidy(() => moments.add(from.encode(images), to.encode(target)));
    tf.dispose([images, target]);
  }
  return moments;
}

/**
 * The moments of two networks' codes of the same pairs.
 *
 * @param pairs The pairs.
 * @param from One network, of medium or of high images.
 * @param to The other network, of medium images.
 * @param every Takes every nth pair only; all by default.
 */
export function relateCodes(
  pairs: Pairs,
  from: Autoencoder,
  to: Autoencoder,
  every = 1,
): CrossMoments {
  const side = (network: Autoencoder): MapSide => ({
    size: sizeOf(network, pairs),
    channels: network.latentShape[2],
    encode: network.encode,
  });
  return relate(pairs, side(from), side(to), every);
}

/** Which image of each pair a network encodes. */
function sizeOf({ imageShape }: Autoencoder, { highSize }: Pairs): PairSize {
  return imageShape[0] === highSize ? "high" : "medium";
}

/** What {@linkcode fitImageMap} fits. */
export interface ImageMapPlan {
  /**
   * The encoder.
   *
   * @param images High images `[n, highSize, highSize, 3]` in 0..1.
   * @returns Codes `[n, side, side, channels]`.
   */
  readonly encode: (images: tf.Tensor4D) => tf.Tensor4D;
  /** Numbers at a position of the code. */
  readonly channels: number;
  /** Side of the image's patch at a position, in pixels. */
  readonly patch: number;
  /** Which image the map leads to; the medium one by default. */
  readonly size?: PairSize;
}

/**
 * Fits the best linear map from a code of the high image to the patches of an
 * image. It takes each position of the code and the eight around it, since the
 * medium image's patch is a blend of the high one's beyond its border.
 *
 * @param data Its train pairs are used.
 * @param plan The code and the image.
 * @returns From `9 * channels` numbers of `neighbourhoods` to
 * `patch * patch * 3`.
 */
export function fitImageMap(
  { pairs }: SectionData,
  { encode, channels, patch, size = "medium" }: ImageMapPlan,
): LinearMap {
  return relate(
    pairs.train,
    {
      size: "high",
      channels: 9 * channels,
      encode: (images) => neighbourhoods(encode(images)),
    },
    {
      size,
      channels: patch * patch * 3,
      encode: (images) => toPatches(images, patch),
    },
    FIT_EVERY,
  ).map();
}

/** How two codes are related, over the test photos. */
export interface CodeRelation {
  /** Linear centred kernel alignment, 0 to 1. */
  readonly cka: number;
  /** Variance of the one code that a linear map of the other explains. */
  readonly explained: number;
}

/** Two codes' relation, and what comes through the map between them. */
export interface ReadThroughMap extends CodeRelation {
  /** PSNR of the medium images in dB, a mean over the test photos. */
  readonly afterLinearMapDb: number;
  /** The medium images, in the order of the test photos. */
  readonly mapped: readonly Pixels[];
}

/**
 * Fits a map from one code to another to the train pairs, and measures it on
 * the test photos.
 *
 * @param data The pairs.
 * @param from The network whose encoder is used, of medium or of high images.
 * @param to A network of medium images, whose decoder is used.
 * @param every Fits to every nth pair only; every 4th by default.
 * @returns How the codes are related, and the images.
 */
export function readThroughMap(
  { pairs: { train, test } }: SectionData,
  from: Autoencoder,
  to: Autoencoder,
  every: number = FIT_EVERY,
): ReadThroughMap {
  using map = relateCodes(train, from, to, every).map();
  const related = relateCodes(test, from, to);
  const mapped = reconstruct(
    test,
    sizeOf(from, test),
    (images) => to.decode(applyLinearMap(map, from.encode(images))),
  );
  return {
    afterLinearMapDb: meanPsnr(mapped, originals(test, "medium")),
    mapped,
    cka: related.cka(),
    explained: related.explained(map),
  };
}
