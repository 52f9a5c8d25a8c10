/**
 * Pixels to the latents of a tile.
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
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import type { WantedLatents } from "@/codec/model/latent_coder.ts";
import { analyse, hyperAnalyse, realLayer } from "@/codec/model/networks.ts";
import { levelOf } from "@/codec/model/quality.ts";
import type { Pixels } from "@/images/pixels.ts";

/** The latents of a tile. */
export type TileLatents = Pick<WantedLatents, "hyper" | "latents">;

/** A photo to be encoded. */
export interface PhotoToEncode {
  /** The photo. */
  readonly photo: Pixels;
  /** 1..100. */
  readonly quality: number;
  /** The photo's tiles. */
  readonly tiles: Tiles;
}

/** Finds the latents of a tile, as {@linkcode analyseTile} does. */
export type TileAnalysis = (
  ...args: Parameters<typeof analyseTile>
) => Promise<TileLatents>;

/** Blocks around a block that its latents depend on: two 3x3 convolutions. */
const ANALYSIS_HALO = 2;

/**
 * Analyses a tile. Its latents are those of the whole image; its hyper-latent is
 * made from the tile's own latents, because the decoder knows no others.
 *
 * @param loaded The model.
 * @param source The photo and its quality.
 * @param tile One of the photo's tiles.
 * @returns The tile's latents.
 */
export async function analyseTile(
  loaded: LoadedModel,
  { photo, quality, tiles }: PhotoToEncode,
  tile: Region,
): Promise<TileLatents> {
  const window = withHalo(tile, ANALYSIS_HALO, tiles);
  const { rows, columns } = tile;
  const tensors = tidy(() => {
    const pixels = tensor4d(
      cutPixels(photo, window),
      [1, BLOCK * window.rows, BLOCK * window.columns, 3],
    );
    const layer = realLayer(loaded.real);
    const coefficients = (pixels.sub(127.5) as Tensor4D)
      .conv2d(loaded.real("high_analysis") as Tensor4D, BLOCK, "valid")
      .div(loaded.real("norms")) as Tensor4D; // [1, rows, columns, 192]
    const plane = ({ rows, columns }: { rows: number; columns: number }) =>
      fill([1, rows, columns, 1], levelOf(quality)) as Tensor4D;
    const latents = analyse(coefficients, plane(window), layer).slice(
      [0, tile.top - window.top, tile.left - window.left, 0],
      [1, rows, columns, CHANNELS],
    );
    return { latents, hyper: hyperAnalyse(latents, plane(tile), layer) };
  });
  try {
    const [hyper, latents] = await Promise.all([
      tensors.hyper.data(),
      tensors.latents.data(),
    ]);
    return { hyper, latents };
  } finally {
    tensors.hyper.dispose();
    tensors.latents.dispose();
  }
}

/**
 * The pixels of some blocks. Beyond its edges an image repeats its last pixels.
 *
 * @param image The image.
 * @param region The blocks.
 * @param block Side of a block in pixels.
 * @returns Values in 0..255, `[block * rows, block * columns, 3]`.
 */
export function cutPixels(
  { width, height, data }: Pixels,
  { top, left, rows, columns }: Region,
  block: number = BLOCK,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(rows * columns * block ** 2 * 3);
  let at = 0;
  for (let y = block * top; y < block * (top + rows); y++) {
    const row = Math.min(y, height - 1) * width;
    for (let x = block * left; x < block * (left + columns); x++) {
      const from = 3 * (row + Math.min(x, width - 1));
      for (let c = 0; c < 3; c++) values[at++] = data[from + c]!;
    }
  }
  return values;
}
