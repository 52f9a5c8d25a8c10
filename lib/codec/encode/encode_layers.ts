/**
 * Photos to the layers of a file.
 *
 * @module
 */

import { RansEncoder } from "@/codec/entropy/rans.ts";
import { joinStreams } from "@/codec/format/tile_streams.ts";
import { BLOCK, cutTiles, type Tile } from "@/codec/format/tiles.ts";
import type { ValueCoder } from "@/codec/model/latent_units.ts";
import { Pauses } from "@/codec/model/pauses.ts";
import type { Pixels } from "@/images/pixels.ts";
import {
  analyseTile,
  type AnalysisOptions,
  cutPixels,
  type TileAnalysis,
} from "./analyse_tile.ts";
import { cheapestValue } from "./choose_value.ts";
import { LatentCoder } from "@/codec/model/latent_coder.ts";
import { kindUnits, type LoadedModel } from "@/codec/model/codec_model.ts";
import { cellsOf } from "@/codec/decode/cell_coefficients.ts";
import { findPlain } from "@/codec/decode/draw_cells.ts";
import { codePlain } from "@/codec/model/size_map.ts";

/** The layers of a file: thumbnail, medium, high. */
export type EncodedLayers = [Uint8Array, Uint8Array, Uint8Array];

/** Options of {@linkcode encodeLayers}. */
export interface EncodeLayersOptions extends AnalysisOptions {
  /**
   * The weight of bits when latents are rounded, relative to training; 0 rounds
   * to the nearest.
   */
  readonly rateWeight: number;
  /** Finds the latents; {@linkcode analyseTile} by default. */
  readonly analyse?: TileAnalysis;
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
export async function encodeLayers(
  loaded: LoadedModel,
  photo: Pixels,
  options: EncodeLayersOptions,
): Promise<EncodedLayers> {
  const layers: [Uint8Array[], Uint8Array[], Uint8Array[]] = [[], [], []];
  for (const tile of tilesOf(photo, options.tileSide)) {
    const encoders = layers.map(() => new TileEncoder());
    await encodeTile(loaded, photo, tile, options, encoders);
    layers.forEach((streams, i) => streams.push(encoders[i]!.finish()));
  }
  return layers.map(joinStreams) as EncodedLayers;
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
export async function visitValues(
  loaded: LoadedModel,
  photo: Pixels,
  options: EncodeLayersOptions,
  coder: ValueCoder,
): Promise<void> {
  for (const tile of tilesOf(photo, options.tileSide)) {
    await encodeTile(loaded, photo, tile, options, [coder, coder, coder]);
  }
}

function tilesOf(photo: Pixels, side?: number): readonly Tile[] {
  return cutTiles(photo, side).list;
}

async function encodeTile(
  loaded: LoadedModel,
  photo: Pixels,
  tile: Tile,
  options: EncodeLayersOptions,
  [start, first, second]: readonly ValueCoder[],
): Promise<void> {
  const { quality, coarseness, rateWeight, signal } = options;
  const { analyse = analyseTile } = options;
  const pauses = new Pauses(signal);
  await pauses.pause();
  const latents = await analyse(loaded, photo, tile, options);
  await pauses.pause();
  const choose = cheapestValue(loaded.model, quality, rateWeight);
  const coder = new LatentCoder(loaded, {
    ...{ tile, quality, coarseness, pauses },
    layers: 2,
    wanted: { ...latents, choose },
  });
  try {
    await coder.start(start!);
    await coder.code(1, first!);
    await coder.code(2, second!);
    await pauses.pause();
    const units = kindUnits(loaded.model, quality);
    const cells = cellsOf(loaded, coder, units, BLOCK);
    const plain = await findPlain(
      ...[loaded, cells, tile, quality, cutPixels(photo, tile)] as const,
    );
    codePlain(tile, first!, plain);
  } finally {
    coder.dispose();
  }
}

class TileEncoder extends RansEncoder implements ValueCoder {
  code(...part: Parameters<ValueCoder["code"]>): void {
    this.push(...part);
  }
}
