/**
 * Latents to pixels of a part of an image.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { fill, tensor4d, tidy } from "@tensorflow/tfjs";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { BLOCK, CHANNELS, MEDIUM_CHANNELS } from "@/codec/model/colour_dct.ts";
import type { LatentRows } from "./latent_rows.ts";
import { synthesiseHigh, synthesiseMedium } from "@/codec/model/networks.ts";
import type { Picture } from "@/codec/model/picture.ts";
import { levelOf } from "@/codec/model/quality.ts";
import { type Region, type Tiles, withHalo } from "@/codec/format/tiles.ts";

/**
 * Blocks around a block that its pixels depend on. High: three 3x3
 * convolutions of blocks, then three of half blocks, so 4.5; medium: three.
 */
export const SYNTHESIS_HALO = 5;

/** One of the two images that a file holds. */
export interface Sort {
  /** Side of a block in pixels. */
  readonly block: number;
  /** Latents that it is made from. */
  readonly channels: number;
  /** Its network. */
  readonly synthesise: typeof synthesiseHigh;
}

/** The whole image. */
export const HIGH: Sort = {
  block: BLOCK,
  channels: CHANNELS,
  synthesise: synthesiseHigh,
};

/** The image of half its sides. */
export const MEDIUM: Sort = {
  block: BLOCK / 2,
  channels: MEDIUM_CHANNELS,
  synthesise: synthesiseMedium,
};

/**
 * Draws a region of a picture. Its pixels are those of the whole image's
 * synthesis.
 *
 * @param quality 1..100.
 * @param latents With the region's and those of the halo around it.
 * @param tiles Those of the image.
 * @param picture Takes the pixels.
 */
export async function drawRegion(
  loaded: LoadedModel,
  quality: number,
  sort: Sort,
  latents: LatentRows,
  region: Region,
  tiles: Tiles,
  picture: Picture,
): Promise<void> {
  const { block, channels, synthesise } = sort;
  const window = withHalo(region, SYNTHESIS_HALO, tiles);
  const [top, left] = [block * region.top, block * region.left];
  const rows = Math.min(block * region.rows, picture.height - top);
  const columns = Math.min(block * region.columns, picture.width - left);
  if (rows <= 0 || columns <= 0) return; // nothing but what fills it up
  const image = tidy(() => {
    const shape = [1, window.rows, window.columns] as const;
    const known = tensor4d(latents.read(window, channels), [
      ...shape,
      channels,
    ]);
    const level = fill([...shape, 1], levelOf(quality)) as Tensor4D;
    return synthesise(known, level, loaded.real).slice(
      [0, top - block * window.top, left - block * window.left, 0],
      [1, rows, columns, 3],
    );
  });
  try {
    const values = await image.data();
    for (let y = 0, from = 0; y < rows; y++) {
      let to = 3 * ((top + y) * picture.width + left);
      for (const end = from + 3 * columns; from < end; from++) {
        const value = values[from]! * 255 + 0.5;
        picture.data[to++] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  } finally {
    image.dispose();
  }
}
