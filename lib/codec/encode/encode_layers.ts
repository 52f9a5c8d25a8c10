/**
 * Photos to the layers of a file.
 *
 * @module
 */

import { RansEncoder } from "@/codec/entropy/rans.ts";
import { joinStreams } from "@/codec/format/tile_streams.ts";
import { cutTiles, type Tile } from "@/codec/format/tiles.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import {
  LatentCoder,
  type ValueChooser,
  type ValueCoder,
} from "@/codec/model/latent_coder.ts";
import { hasOneLatent } from "@/codec/model/networks.ts";
import { Pauses } from "@/codec/model/pauses.ts";
import type { Pixels } from "@/images/pixels.ts";
import {
  analyseTile,
  type PhotoToEncode,
  type TileAnalysis,
} from "./analyse_tile.ts";

/** The layers of a file. */
export interface EncodedLayers {
  /** The stream of all that the medium image needs. */
  readonly first: Uint8Array;
  /**
   * The stream of what the high image needs besides; absent if the model makes
   * both images from one latent.
   */
  readonly second?: Uint8Array;
}

/** Options of {@linkcode encodeLayers}. */
export interface EncodeLayersOptions {
  /** 1..100. */
  readonly quality: number;
  /** How values are chosen; to the nearest by default. */
  readonly choose?: ValueChooser;
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
  const source = toEncode(photo, options);
  const isOneLatent = hasOneLatent(loaded.real);
  const first: Uint8Array[] = [], second: Uint8Array[] = [];
  for (const tile of source.tiles.list) {
    const encoder = new TileEncoder();
    const further = isOneLatent ? encoder : new TileEncoder();
    await encodeTile(loaded, source, tile, options, [encoder, further]);
    first.push(encoder.finish());
    if (!isOneLatent) second.push(further.finish());
  }
  return {
    first: joinStreams(first),
    ...(isOneLatent ? {} : { second: joinStreams(second) }),
  };
}

/**
 * Passes all values of a photo to a coder, in the order of the bitstream, for
 * statistics.
 *
 * @param loaded The model.
 * @param photo The photo.
 * @param options How it is encoded.
 * @param coder Is given the values of both layers, tile by tile.
 */
export async function visitValues(
  loaded: LoadedModel,
  photo: Pixels,
  options: EncodeLayersOptions,
  coder: ValueCoder,
): Promise<void> {
  const source = toEncode(photo, options);
  for (const tile of source.tiles.list) {
    await encodeTile(loaded, source, tile, options, [coder, coder]);
  }
}

function toEncode(
  photo: Pixels,
  { quality, tileSide }: EncodeLayersOptions,
): PhotoToEncode {
  return { photo, quality, tiles: cutTiles(photo, tileSide) };
}

async function encodeTile(
  loaded: LoadedModel,
  source: PhotoToEncode,
  tile: Tile,
  { choose, analyse = analyseTile, signal }: EncodeLayersOptions,
  [first, second]: readonly [ValueCoder, ValueCoder],
): Promise<void> {
  const pauses = new Pauses(signal);
  await pauses.pause();
  const latents = await analyse(loaded, source, tile);
  await pauses.pause();
  const coder = new LatentCoder(loaded, {
    tile,
    quality: source.quality,
    channels: CHANNELS,
    wanted: choose === undefined ? latents : { ...latents, choose },
    pauses,
  });
  try {
    await coder.code(1, first);
    await coder.code(2, second);
  } finally {
    coder.dispose();
  }
}

class TileEncoder extends RansEncoder implements ValueCoder {
  code(...part: Parameters<ValueCoder["code"]>): void {
    this.push(...part);
  }
}
