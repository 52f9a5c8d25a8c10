/**
 * Latents to pixels of a part of an image.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { fill, tensor4d, tidy } from "@tensorflow/tfjs";
import {
  BLOCK,
  type Region,
  type Tiles,
  withHalo,
} from "@/codec/format/tiles.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/model/colour_dct.ts";
import { synthesiseHigh, synthesiseMedium } from "@/codec/model/networks.ts";
import { levelOf } from "@/codec/model/quality.ts";
import type { Pixels } from "@/images/pixels.ts";
import type { LatentRows } from "./latent_rows.ts";

/**
 * Blocks around a block that its pixels depend on. High: three 3x3
 * convolutions of blocks, then three of half blocks, so 4.5; medium: three.
 */
export const SYNTHESIS_HALO = 5;

/** What distinguishes the two images of a file. */
export interface ImageKind {
  /** Side of a block in pixels. */
  readonly block: number;
  /** The number of channels that it is made from. */
  readonly channels: number;
  /** Its network. */
  readonly synthesise: typeof synthesiseHigh;
}

/** The high image. */
export const HIGH: ImageKind = {
  block: BLOCK,
  channels: CHANNELS,
  synthesise: synthesiseHigh,
};

/** The medium image. */
export const MEDIUM: ImageKind = {
  block: BLOCK / 2,
  channels: MEDIUM_CHANNELS,
  synthesise: synthesiseMedium,
};

/** What is drawn, and from what. */
export interface RegionDrawing {
  /** Which of the two images it is. */
  readonly kind: ImageKind;
  /** Receives the pixels. */
  readonly image: Pixels;
  /** 1..100. */
  readonly quality: number;
  /** Has the latents of the region and of the halo around it. */
  readonly latents: LatentRows;
  /** The image's tiles. */
  readonly tiles: Tiles;
}

/**
 * Draws a region of an image. Its pixels are the same as if the whole image were
 * synthesised at once.
 *
 * @param loaded The model.
 * @param region The region in blocks.
 * @param drawing What is drawn, and from what.
 */
export async function drawRegion(
  loaded: LoadedModel,
  region: Region,
  { kind, image, quality, latents, tiles }: RegionDrawing,
): Promise<void> {
  const { block, channels, synthesise } = kind;
  const window = withHalo(region, SYNTHESIS_HALO, tiles);
  const [top, left] = [block * region.top, block * region.left];
  const rows = Math.min(block * region.rows, image.height - top);
  const columns = Math.min(block * region.columns, image.width - left);
  if (rows <= 0 || columns <= 0) return; // only padding
  const drawn = tidy(() => {
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
    const values = await drawn.data();
    for (let y = 0, from = 0; y < rows; y++) {
      let to = 3 * ((top + y) * image.width + left);
      for (const end = from + 3 * columns; from < end; from++) {
        const value = values[from]! * 255 + 0.5;
        image.data[to++] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  } finally {
    drawn.dispose();
  }
}
