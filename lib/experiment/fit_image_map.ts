/**
 * The best linear map from a code of the high image to the patches of an
 * image: from each position of the code and the eight around it, as the medium
 * image's patch is a blend of the high one's beyond the patch's own border.
 *
 * @module
 */

import type { PairSize } from "@/datasets/mod.ts";
import {
  CrossMoments,
  type LinearMap,
  neighbourhoods,
  toPatches,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { SectionData } from "./prepare_data.ts";
import { tensors } from "./reconstruct.ts";

/** Pairs that the map is fitted to: every so many-th. */
const FIT_EVERY = 4;

/**
 * Fits the map by least squares, in closed form.
 *
 * @param data The train pairs of it.
 * @param encode High images to codes `[n, side, side, channels]`.
 * @param channels Numbers at a position of the code.
 * @param patch Side of the image's patch at a position.
 * @param size Which image the map leads to.
 * @returns From `9 * channels` numbers of `neighbourhoods` to
 * `patch * patch * 3`.
 */
export function fitImageMap(
  { pairs }: SectionData,
  encode: (images: tf.Tensor4D) => tf.Tensor4D,
  channels: number,
  patch: number,
  size: PairSize = "medium",
): LinearMap {
  const moments = new CrossMoments(9 * channels, patch * patch * 3);
  const targets = tensors(pairs.train, size, FIT_EVERY);
  for (const high of tensors(pairs.train, "high", FIT_EVERY)) {
    const target = targets.next().value as tf.Tensor4D;
    tf.tidy(() =>
      moments.add(neighbourhoods(encode(high)), toPatches(target, patch))
    );
    tf.dispose([high, target]);
  }
  return moments.map();
}
