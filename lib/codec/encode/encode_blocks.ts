/**
 * Photos to the layers of a file.
 *
 * @module
 */

import { RansEncoder } from "@/codec/entropy/rans.ts";
import { cutPixels } from "./analyse_tile.ts";
import { valueCosts } from "./choose_value.ts";
import { joinStreams } from "@/codec/format/tile_streams.ts";
import { BLOCK, cutTiles, type Tile } from "@/codec/format/tiles.ts";
import { nearestValue, type ValueCoder } from "@/codec/model/latent_coder.ts";
import { Pauses } from "@/codec/model/pauses.ts";
import { lambdaAt, levelOf } from "@/codec/model/quality.ts";
import type { Pixels } from "@/images/pixels.ts";
import { analyseBlocks, type AnalysisOptions } from "./analyse_blocks.ts";
import { BlockCoder, type FineChooser } from "@/codec/model/block_coder.ts";
import { kindUnits, type LoadedBlocks } from "@/codec/model/block_model.ts";
import { SUPERBLOCK } from "@/codec/model/block_sizes.ts";
import { cellsOf, findPlain } from "@/codec/decode/draw_cells.ts";
import { codePlain } from "@/codec/model/size_map.ts";

/** The layers of a file: thumbnail, medium, high. */
export type EncodedBlocks = [Uint8Array, Uint8Array, Uint8Array];

/** Options of {@linkcode encodeBlocks}. */
export interface EncodeBlocksOptions extends AnalysisOptions {
  /**
   * The weight of bits when latents are rounded, relative to training; 0 rounds
   * to the nearest.
   */
  readonly rateWeight: number;
  /** Side of the tiles in pixels; 1024, as in files, by default. */
  readonly tileSide?: number;
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Encodes a photo to the layers of a file.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param options How it is encoded.
 * @returns The layers.
 * @throws The signal's reason, once it is aborted.
 */
export async function encodeBlocks(
  loaded: LoadedBlocks,
  photo: Pixels,
  options: EncodeBlocksOptions,
): Promise<EncodedBlocks> {
  const layers: [Uint8Array[], Uint8Array[], Uint8Array[]] = [[], [], []];
  for (const tile of tilesOf(photo, options.tileSide)) {
    const encoders = layers.map(() => new TileEncoder());
    await encodeTile(loaded, photo, tile, options, encoders);
    layers.forEach((streams, i) => streams.push(encoders[i]!.finish()));
  }
  return layers.map(joinStreams) as EncodedBlocks;
}

/**
 * Passes all values of a photo to a coder, in the order of the bitstream, for
 * statistics.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param options How it is encoded.
 * @param coder Is given the values of all layers, tile by tile.
 */
export async function visitBlocks(
  loaded: LoadedBlocks,
  photo: Pixels,
  options: EncodeBlocksOptions,
  coder: ValueCoder,
): Promise<void> {
  for (const tile of tilesOf(photo, options.tileSide)) {
    await encodeTile(loaded, photo, tile, options, [coder, coder, coder]);
  }
}

function tilesOf(photo: Pixels, side?: number): readonly Tile[] {
  return cutTiles(photo, side, SUPERBLOCK).list;
}

async function encodeTile(
  loaded: LoadedBlocks,
  photo: Pixels,
  tile: Tile,
  options: EncodeBlocksOptions,
  [start, first, second]: readonly ValueCoder[],
): Promise<void> {
  const { quality, coarseness, rateWeight, signal } = options;
  const pauses = new Pauses(signal);
  await pauses.pause();
  const blocks = await analyseBlocks(loaded, photo, tile, options);
  await pauses.pause();
  const choose = cheapestFine(loaded, quality, rateWeight);
  const coder = new BlockCoder(loaded, {
    ...{ tile, quality, coarseness, pauses },
    layers: 2,
    wanted: { ...blocks, choose },
  });
  try {
    await coder.start(start!);
    await coder.code(1, first!);
    await coder.code(2, second!);
    await pauses.pause();
    const units = kindUnits(loaded.model, quality);
    const cells = cellsOf(loaded, coder, units, BLOCK);
    const plain = await findPlain(
      ...[loaded, cells, quality, cutPixels(photo, tile)] as const,
    );
    cells.dispose();
    codePlain(tile, first!, plain);
  } finally {
    coder.dispose();
  }
}

/**
 * Chooses the value of the lowest cost: bits and errors, weighted as in training
 * for the quality. The candidates are the nearest value, the next one towards 0,
 * and 0.
 */
function cheapestFine(
  loaded: LoadedBlocks,
  quality: number,
  rateWeight: number,
): FineChooser {
  const nearest = (difference: number) => nearestValue(difference, 0, 0);
  if (rateWeight === 0) return nearest;
  const costs = valueCosts(loaded.model.tables);
  const lambda = lambdaAt(levelOf(quality));
  const { greyLevels } = kindUnits(loaded.model, quality);
  const error = lambda / 3 * greyLevels ** 2;
  return (difference, table) => {
    const value = nearest(difference);
    if (value === 0) return 0;
    const cost = (value: number) =>
      rateWeight * costs(table, value) + error * (difference - value) ** 2;
    const lower = value - Math.sign(value);
    const best = cost(lower) <= cost(value) ? lower : value;
    return lower !== 0 && cost(0) <= cost(best) ? 0 : best;
  };
}

class TileEncoder extends RansEncoder implements ValueCoder {
  code(...part: Parameters<ValueCoder["code"]>): void {
    this.push(...part);
  }
}
