/**
 * The closed-form floor of the whole idea: principal components in place of
 * both networks. They need no training; every trained network must beat them.
 *
 * @module
 */

import { relate } from "@/experiment/linear_maps.ts";
import { meanPsnr, measureCodes, ownImages } from "@/experiment/measure.ts";
import { FIT_EVERY, type SectionData } from "@/experiment/prepare_data.ts";
import {
  applyLinearMap,
  fromPatches,
  pcaDecode,
  pcaNetwork,
  toPatches,
} from "@/models/mod.ts";
import {
  fitComponents,
  type PatchSettings,
} from "@/sections/autoencoders/networks.ts";
import { originals, reconstruct } from "@/training/mod.ts";
import type { FloorRow } from "./types.ts";

/**
 * Measures the floor on the test photos.
 *
 * @param data The pairs.
 * @param patches Sizes and patches of the medium and of the high images.
 * @param channels Number of components, C.
 * @param every Fits to every nth pair only; every 4th by default.
 * @returns PSNR in dB.
 */
export async function pcaFloor(
  data: SectionData,
  patches: { readonly medium: PatchSettings; readonly high: PatchSettings },
  channels: number,
  every: number = FIT_EVERY,
): Promise<FloorRow> {
  using medium = fitComponents(data, patches.medium, channels, every);
  using high = fitComponents(data, patches.high, channels, every);
  const { patch } = medium;
  const { train, test } = data.pairs;
  const network = pcaNetwork(high);
  const { encode } = network;
  using map = relate(
    train,
    { size: "high", channels, encode },
    {
      size: "medium",
      channels: patch * patch * 3,
      encode: (images) => toPatches(images, patch),
    },
    every,
  ).map();
  const images = originals(test, "medium");
  const { scores } = await measureCodes(test, {
    high: network,
    medium: {
      decode: (codes) => fromPatches(applyLinearMap(map, codes), patch),
    },
  });
  const own = ownImages(test, "medium", pcaNetwork(medium));
  const asIs = reconstruct(test, "high", (x) => pcaDecode(medium, encode(x)));
  return {
    channels,
    highDb: scores.highDb,
    mediumOwnDb: meanPsnr(own, images),
    linearMapDb: scores.mediumFromHighDb,
    highScaledDownDb: scores.highScaledDownDb,
    asIsDb: meanPsnr(asIs, images),
  };
}
