/**
 * Pixels to what is coded of a tile.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { fill, tensor4d, tidy } from "@tensorflow/tfjs";
import type { WantedLatents } from "@/codec/model/code_latents.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { BLOCK, CHANNELS } from "@/codec/model/colour_dct.ts";
import { analyse, hyperAnalyse, realLayer } from "@/codec/model/networks.ts";
import type { Picture } from "@/codec/model/picture.ts";
import { levelOf } from "@/codec/model/quality.ts";
import { type Region, type Tiles, withHalo } from "@/codec/format/tiles.ts";

/** What is wanted of a tile. */
export type TileLatents = Pick<WantedLatents, "hyper" | "latents">;

/** As {@linkcode analyseTile}, which is one of these. */
export type TileAnalysis = (
  ...args: Parameters<typeof analyseTile>
) => Promise<TileLatents>;

/** Blocks around a latent's that it depends on: two 3x3 convolutions. */
const ANALYSIS_HALO = 2;

/**
 * Analyses a tile. Latents are those of the whole image; the hyper-latent is
 * made from the tile's own, as it is read.
 *
 * @param quality 1..100.
 * @param tile One of the tiles.
 * @param tiles Those of the picture.
 */
export async function analyseTile(
  loaded: LoadedModel,
  picture: Picture,
  quality: number,
  tile: Region,
  tiles: Tiles,
): Promise<TileLatents> {
  const window = withHalo(tile, ANALYSIS_HALO, tiles);
  const { rows, columns } = tile;
  const tensors = tidy(() => {
    const pixels = tensor4d(
      cutPixels(picture, window),
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
 * The pixels of blocks; beyond its edge an image repeats its last ones.
 *
 * @param picture The image.
 * @param region Blocks of it.
 * @param block Side of a block in pixels.
 * @returns Values in 0..255, `[block * rows, block * columns, 3]`.
 */
export function cutPixels(
  { width, height, data }: Picture,
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
