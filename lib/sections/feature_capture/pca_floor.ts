/**
 * The closed-form floor of the whole idea: principal components in place of
 * both networks. What no training is needed for, every trained one must beat.
 *
 * @module
 */

import { type Pixels, resizeImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import {
  applyLinearMap,
  CrossMoments,
  disposePca,
  fromPatches,
  type LinearMap,
  type PatchPca,
  pcaDecode,
  pcaEncode,
  toPatches,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { meanPsnr } from "@/experiment/measure_codes.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  mean,
  originals,
  reconstruct,
  tensors,
} from "@/experiment/reconstruct.ts";
import {
  fitComponents,
  type PatchSettings,
} from "@/sections/autoencoders/networks.ts";

/** Principal components with C channels; PSNR in dB, means over the test. */
export interface FloorRow {
  /** C. */
  readonly channels: number;
  /** The high image from its code. */
  readonly highDb: number;
  /** The medium image from its own code. */
  readonly mediumOwnDb: number;
  /** The medium image from the high code, by the best linear map. */
  readonly linearMapDb: number;
  /** The high image from its code, scaled down by Lanczos. */
  readonly highScaledDownDb: number;
  /** The medium decoder on the high code as it is. */
  readonly asIsDb: number;
}

/** Pairs that all is fitted to: every so many-th. */
const FIT_EVERY = 4;

/**
 * Measures the floor.
 *
 * @param data The pairs.
 * @param medium Settings of the medium networks.
 * @param high Settings of the high networks.
 * @param channels C.
 * @param every Fits to every so many-th pair only.
 */
export async function pcaFloor(
  data: SectionData,
  medium: PatchSettings,
  high: PatchSettings,
  channels: number,
  every: number = FIT_EVERY,
): Promise<FloorRow> {
  const pcaMedium = fitComponents(data, medium, channels, every);
  const pcaHigh = fitComponents(data, high, channels, every);
  const map = fitImageMap(data, pcaHigh, pcaMedium.patch, every);
  const { test } = data.pairs;
  const patch = pcaMedium.patch;
  try {
    const images = originals(test, "medium");
    const decoded = reconstruct(
      test,
      "high",
      (x) => pcaDecode(pcaHigh, pcaEncode(pcaHigh, x)),
    );
    const against = (photos: readonly Pixels[]) => meanPsnr(photos, images);
    return {
      channels,
      highDb: meanPsnr(decoded, originals(test, "high")),
      mediumOwnDb: against(reconstruct(
        test,
        "medium",
        (x) => pcaDecode(pcaMedium, pcaEncode(pcaMedium, x)),
      )),
      linearMapDb: against(reconstruct(
        test,
        "high",
        (x) => fromPatches(applyLinearMap(map, pcaEncode(pcaHigh, x)), patch),
      )),
      highScaledDownDb: await scaledDownDb(decoded, images),
      asIsDb: against(reconstruct(
        test,
        "high",
        (x) => pcaDecode(pcaMedium, pcaEncode(pcaHigh, x)),
      )),
    };
  } finally {
    disposePca(pcaMedium);
    disposePca(pcaHigh);
    tf.dispose([map.weights, map.bias]);
  }
}

/** The best linear map from a high code to the patches of the medium image. */
function fitImageMap(
  { pairs }: SectionData,
  pcaHigh: PatchPca,
  patch: number,
  every: number,
): LinearMap {
  const moments = new CrossMoments(
    pcaHigh.components.shape[1],
    patch * patch * 3,
  );
  const mediums = tensors(pairs.train, "medium", every);
  for (const high of tensors(pairs.train, "high", every)) {
    const medium = mediums.next().value as tf.Tensor4D;
    tf.tidy(() =>
      moments.add(pcaEncode(pcaHigh, high), toPatches(medium, patch))
    );
    tf.dispose([high, medium]);
  }
  return moments.map();
}

/**
 * What a server does today: decode the high image and scale it down.
 *
 * @param decoded High images.
 * @param images The medium images that they should become.
 * @returns Mean PSNR in dB.
 */
export async function scaledDownDb(
  decoded: readonly Pixels[],
  images: readonly Pixels[],
): Promise<number> {
  const each = await Promise.all(decoded.map(async (photo, i) => {
    const { width, height, data } = images[i]!;
    return psnr((await resizeImage(photo, width, height)).data, data);
  }));
  return mean(each);
}
