/**
 * Pixels to the blocks of a tile and their coefficients.
 *
 * @module
 */

import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { fill, tensor1d, tensor2d, tensor4d, tidy } from "@tensorflow/tfjs";
import { cutPixels } from "./analyse_tile.ts";
import { OCTAVE } from "@/codec/entropy/log_steps.ts";
import { BLOCK, type Region } from "@/codec/format/tiles.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { MAX_INPUT } from "@/codec/model/integer_layer.ts";
import { LATENT_UNIT } from "@/codec/model/latent_coder.ts";
import { hyperAnalyse, realLayer } from "@/codec/model/networks.ts";
import { bestStep, lambdaAt, levelOf } from "@/codec/model/quality.ts";
import type { Pixels } from "@/images/pixels.ts";
import type { WantedBlocks } from "@/codec/model/block_coder.ts";
import type { LoadedBlocks } from "@/codec/model/block_model.ts";
import {
  BLOCK_CELLS,
  cellKinds,
  cellPlanes,
} from "@/codec/model/block_sizes.ts";
import { toChannels, toPlanes } from "@/codec/model/block_transform.ts";
import { chooseSizes } from "./choose_sizes.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";

/** How a tile is analysed. */
export interface AnalysisOptions {
  /** 1..100. */
  readonly quality: number;
  /** Place in `COARSENESS`. */
  readonly coarseness: number;
}

/** The blocks of a tile. */
export type TileBlocks = Omit<WantedBlocks, "choose">;

/**
 * Chooses a tile's blocks, and finds their coefficients and the hyper-latent.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param tile The tile's cells; rows and columns are multiples of 8.
 * @param options How it is analysed.
 * @returns The blocks.
 */
export async function analyseBlocks(
  loaded: LoadedBlocks,
  photo: Pixels,
  tile: Region,
  { quality, coarseness }: AnalysisOptions,
): Promise<TileBlocks> {
  const { rows, columns } = tile;
  const level = levelOf(quality);
  const found = tidy(() => {
    const pixels = tensor4d(
      cutPixels(photo, tile),
      [1, BLOCK * rows, BLOCK * columns, 3],
    ).sub(127.5) as Tensor4D;
    const step = tensor1d([bestStep(lambdaAt(level))]);
    const { sizes, cells } = chooseSizes(toPlanes(pixels), step);
    const coefficients = toChannels(cells);
    const norms = kindNorms(loaded);
    const kinds = cellKinds(sizes).reshape([-1, norms.shape[0]!]);
    const limit = MAX_INPUT / LATENT_UNIT;
    const latents = coefficients
      .div(kinds.matMul(norms).reshape(coefficients.shape))
      .clipByValue(-limit, limit) as Tensor4D;
    const plane = (value: number) => fill([1, rows, columns, 1], value);
    const coarse = coarseness / (COARSENESS.length - 1);
    const hyper = hyperAnalyse(
      latents.concat([plane(level), plane(coarse)] as Tensor4D[], 3),
      cellPlanes(sizes),
      realLayer(loaded.real),
    );
    const places = tensor2d(BLOCK_CELLS.map((_, i) => [i]));
    return {
      hyper: hyper as Tensor,
      coefficients: coefficients as Tensor,
      sizes: sizes.reshape([-1, BLOCK_CELLS.length]).matMul(places) as Tensor,
    };
  });
  try {
    const [hyper, coefficients, sizes] = await Promise.all([
      found.hyper.data(),
      found.coefficients.data(),
      found.sizes.data(),
    ]);
    return { hyper, coefficients, sizes: Uint8Array.from(sizes, Math.round) };
  } finally {
    for (const tensor of Object.values(found)) tensor.dispose();
  }
}

/** Grey levels in a unit of the latents, `[7, 192]`. */
function kindNorms({ model }: LoadedBlocks): Tensor {
  const logs = model.kindNorms.flatMap((row) => Array.from(row));
  return tensor2d(
    logs.map((log) => 2 ** (log / OCTAVE)),
    [model.kindNorms.length, CHANNELS],
  );
}
