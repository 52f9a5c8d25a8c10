/**
 * A decoder that reads another network's code through a linear map, and how
 * the two codes are related.
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
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { meanPsnr } from "@/experiment/measure_codes.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { originals, reconstruct, tensors } from "@/experiment/reconstruct.ts";

/** How two codes are related, over the test photos. */
export interface CodeRelation {
  /** Linear centred kernel alignment, 0 to 1. */
  readonly cka: number;
  /** Variance of the one code that a linear map of the other explains. */
  readonly explained: number;
}

/** What comes through the map, too. */
export interface ReadThroughMap extends CodeRelation {
  /** PSNR of the medium images in dB, a mean over the test photos. */
  readonly afterLinearMapDb: number;
  /** The medium images, in the order of the test photos. */
  readonly mapped: readonly Pixels[];
}

/** Pairs that the map is fitted to: every so many-th. */
const MAP_EVERY = 4;

/**
 * Fits a map from one code to another to the train pairs, by least squares,
 * and measures it on the test photos.
 *
 * @param from The network whose encoder is used.
 * @param size Of which images it is.
 * @param to A network of medium images, whose decoder is used.
 * @param data The pairs.
 * @param every Fits to every so many-th pair only.
 */
export function readThroughMap(
  from: Autoencoder,
  size: PairSize,
  to: Autoencoder,
  { pairs: { train, test } }: SectionData,
  every: number = MAP_EVERY,
): ReadThroughMap {
  const map = relateCodes(from, size, to, train, every).map();
  try {
    const related = relateCodes(from, size, to, test, 1);
    const mapped = reconstruct(
      test,
      size,
      (images) => to.decode(applyLinearMap(map, from.encode(images))),
    );
    return {
      afterLinearMapDb: meanPsnr(mapped, originals(test, "medium")),
      mapped,
      cka: related.cka(),
      explained: related.explained(map),
    };
  } finally {
    tf.dispose([map.weights, map.bias]);
  }
}

/**
 * The moments of two networks' codes of the same pairs.
 *
 * @param from One network.
 * @param size Of which images it is.
 * @param to The other, of medium images.
 * @param pairs The pairs.
 * @param every Takes every so many-th pair only.
 */
export function relateCodes(
  from: Autoencoder,
  size: PairSize,
  to: Autoencoder,
  pairs: Pairs,
  every: number,
): CrossMoments {
  const moments = new CrossMoments(from.latentShape[2], to.latentShape[2]);
  const targets = tensors(pairs, "medium", every);
  for (const images of tensors(pairs, size, every)) {
    const target = targets.next().value as tf.Tensor4D;
    tf.tidy(() => moments.add(from.encode(images), to.encode(target)));
    tf.dispose([images, target]);
  }
  return moments;
}
