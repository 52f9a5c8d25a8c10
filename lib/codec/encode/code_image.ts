/**
 * Photos to the layers of a file.
 *
 * @module
 */

import { analyseTile, type TileAnalysis } from "./analyse_tile.ts";
import type { ValueChooser } from "./choose_value.ts";
import { LatentCoder, type ValueCoder } from "@/codec/model/code_latents.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import type { Picture } from "@/codec/model/picture.ts";
import { hasOneLatent } from "@/codec/model/networks.ts";
import { RansEncoder } from "@/codec/entropy/rans_encoder.ts";
import { joinStreams } from "@/codec/format/tile_streams.ts";
import { cutTiles, type Tile, type Tiles } from "@/codec/format/tiles.ts";

/** The layers of an image. */
export interface CodedLayers {
  /** All that the medium image needs. */
  readonly first: Uint8Array;
  /**
   * What the high image needs beside it; absent where a model makes both images
   * from one latent.
   */
  readonly second?: Uint8Array;
}

/** Choices of {@linkcode codePicture}. */
export interface CodeOptions {
  /** How values are chosen; to the nearest by default. */
  readonly choose?: ValueChooser;
  /** What finds the latents; {@linkcode analyseTile} by default. */
  readonly analyse?: TileAnalysis;
  /** Side of the tiles in pixels; that of files, 1024, by default. */
  readonly tileSide?: number;
}

/**
 * Codes a picture.
 *
 * @param quality 1..100.
 */
export async function codePicture(
  loaded: LoadedModel,
  picture: Picture,
  quality: number,
  options: CodeOptions = {},
): Promise<CodedLayers> {
  const tiles = cutTiles(picture, options.tileSide);
  const oneLatent = hasOneLatent(loaded.real);
  const first: Uint8Array[] = [], second: Uint8Array[] = [];
  for (const tile of tiles.list) {
    const one = new Encoder();
    const other = oneLatent ? one : new Encoder();
    await walkTile(loaded, picture, quality, tile, tiles, options, one, other);
    first.push(one.finish());
    if (!oneLatent) second.push(other.finish());
  }
  return {
    first: joinStreams(first),
    ...(oneLatent ? {} : { second: joinStreams(second) }),
  };
}

/** As {@linkcode codePicture}, with any coders; for counting. */
export async function walk(
  loaded: LoadedModel,
  picture: Picture,
  quality: number,
  first: ValueCoder,
  second: ValueCoder,
): Promise<void> {
  const tiles = cutTiles(picture);
  for (const tile of tiles.list) {
    await walkTile(loaded, picture, quality, tile, tiles, {}, first, second);
  }
}

async function walkTile(
  loaded: LoadedModel,
  picture: Picture,
  quality: number,
  tile: Tile,
  tiles: Tiles,
  { choose, analyse = analyseTile }: CodeOptions,
  first: ValueCoder,
  second: ValueCoder,
): Promise<void> {
  const wanted = {
    ...await analyse(loaded, picture, quality, tile, tiles),
    ...(choose === undefined ? {} : { choose }),
  };
  const coder = new LatentCoder(loaded, quality, tile, CHANNELS, wanted);
  try {
    await coder.codeFirst(first);
    await coder.codeSecond(second);
  } finally {
    coder.dispose();
  }
}

class Encoder extends RansEncoder implements ValueCoder {
  code(...part: Parameters<ValueCoder["code"]>): void {
    this.push(...part);
  }
}
