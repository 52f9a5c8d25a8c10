/**
 * The floor of the fix that works: principal components of high patches, and
 * the best linear map from their code to medium patches. No training at all.
 *
 * @module
 */

import { disposePca, fromPatches, pcaDecode, pcaEncode } from "@/models/mod.ts";
import { applyLinearMap, neighbourhoods } from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { fitImageMap } from "@/experiment/linear_maps.ts";
import { measureCodes } from "@/experiment/measure.ts";
import { pcaFloor } from "@/sections/feature_capture/pca_floor.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { fitComponents } from "@/sections/autoencoders/networks.ts";
import type { FloorRow } from "@/sections/feature_capture/types.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";

/** The floor with C channels, and what the code's neighbours add to it. */
export interface FixFloorRow extends FloorRow {
  /** The medium image by a map of each position and the eight around it. */
  readonly neighbourhoodMapDb: number;
}

/**
 * Measures the floor on the test photos; PSNR in dB.
 *
 * @param data The pairs.
 * @param medium Settings of the medium networks.
 * @param high Settings of the high networks.
 * @param channels C.
 */
export async function neighbourhoodFloor(
  data: SectionData,
  medium: AutoencoderSettings,
  high: AutoencoderSettings,
  channels: number,
): Promise<FixFloorRow> {
  const { patch } = medium.residual;
  const pca = fitComponents(data, high, channels);
  const map = fitImageMap(data, (x) => pcaEncode(pca, x), channels, patch);
  try {
    const { mediumFromHighDb } = await measureCodes(data.pairs.test, {
      encode: (images) => pcaEncode(pca, images),
      decodeHigh: (codes) => pcaDecode(pca, codes),
      decodeMedium: (codes) =>
        tf.tidy(() =>
          fromPatches(applyLinearMap(map, neighbourhoods(codes)), patch)
        ),
    });
    return {
      ...await pcaFloor(data, { medium, high }, channels),
      neighbourhoodMapDb: mediumFromHighDb,
    };
  } finally {
    disposePca(pca);
    tf.dispose([map.weights, map.bias]);
  }
}
