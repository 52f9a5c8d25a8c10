/**
 * The layers of a file to pictures, from the top to the bottom:
 *
 *     streams ▶ latents of a row of tiles ▶ pixels of all rows of blocks
 *               │ kept: these and a halo      that have their halo
 *
 * Besides the pictures themselves, memory does not grow with an image's
 * height. Both pictures of 8192x8192 pixels take 252 MB and the latents 54 MB;
 * with what the networks need, the published widths and TensorFlow take 580 MB
 * at most beside the 410 MB of an engine at rest, measured on Linux.
 *
 * @module
 */

import {
  LatentCoder,
  latentUnits,
  type ValueCoder,
} from "@/codec/model/code_latents.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/model/colour_dct.ts";
import {
  drawRegion,
  HIGH,
  MEDIUM,
  type Sort,
  SYNTHESIS_HALO,
} from "./draw_region.ts";
import { LatentRows } from "./latent_rows.ts";
import { hasOneLatent, mediumReads } from "@/codec/model/networks.ts";
import type { Picture } from "@/codec/model/picture.ts";
import { RansDecoder } from "@/codec/entropy/rans_decoder.ts";
import { splitStreams } from "@/codec/format/tile_streams.ts";
import {
  cutTiles,
  type Region,
  type Size,
  type Tile,
  type Tiles,
} from "@/codec/format/tiles.ts";

/** Regions that are drawn at once have no more rows of blocks. */
const DRAWN_ROWS = 64;

/** Nor more columns. */
const DRAWN_COLUMNS = 128;

/** What is to be decoded. */
export interface LayersToDecode extends Size {
  /** What it was made with, 1..100. */
  readonly quality: number;
  /** The first layer's stream; that of all latents if a model has no layers. */
  readonly first: Uint8Array;
  /** The second's; without it a layered model gives no high image. */
  readonly second?: Uint8Array;
}

/** Choices of {@linkcode decodeLayers}. */
export interface DecodeLayersOptions {
  /** Whether the medium image is made. */
  readonly medium: boolean;
  /** Whether the high image is made. */
  readonly high: boolean;
  /** Side of the tiles in pixels; that of files, 1024, by default. */
  readonly tileSide?: number;
  /** Gets each tile and its latents, in 1/16 of a step. */
  readonly onTile?: (tile: Tile, latents: Int16Array) => void;
}

/** The images of a file. */
export interface DecodedPictures {
  /** Half as wide and as high, rounded up. */
  readonly medium?: Picture;
  /** The whole. */
  readonly high?: Picture;
}

/**
 * Decodes the layers of an image.
 *
 * @throws {CodecError} "damaged" if a stream is not one of the model's.
 */
export async function decodeLayers(
  loaded: LoadedModel,
  layers: LayersToDecode,
  options: DecodeLayersOptions,
): Promise<DecodedPictures> {
  const { width, height, quality, first, second } = layers;
  const tiles = cutTiles(layers, options.tileSide);
  const mediumSort = { ...MEDIUM, channels: mediumReads(loaded.real) };
  const oneLatent = hasOneLatent(loaded.real);
  const isHigh = options.high && (oneLatent || second !== undefined);
  const streams = [first, ...(isHigh && !oneLatent ? [second!] : [])]
    .map((layer) => splitStreams(layer, tiles.list.length));
  const channels = isHigh || oneLatent ? CHANNELS : MEDIUM_CHANNELS;
  const units = latentUnits(loaded.model, quality).subarray(0, channels);
  const kept = tiles.list[0]!.rows + 2 * SYNTHESIS_HALO;
  const latents = new LatentRows(
    Math.min(tiles.rows, kept),
    tiles.columns,
    units,
  );
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const medium = options.medium ? blank(half) : undefined;
  const high = isHigh ? blank(layers) : undefined;
  let drawn = 0;
  for (const [i, tile] of tiles.list.entries()) {
    const ofTile = streams.map((layer) => layer[i]!);
    const decoded = await decodeTile(loaded, quality, tile, channels, ofTile);
    options.onTile?.(tile, decoded);
    latents.put(tile, decoded);
    if (tile.left + tile.columns < tiles.columns) continue;
    const ready = readyRows(tile, tiles);
    for (const region of cutRegions(drawn, ready, tiles.columns)) {
      const draw = (sort: Sort, picture: Picture) =>
        drawRegion(loaded, quality, sort, latents, region, tiles, picture);
      if (medium !== undefined) await draw(mediumSort, medium);
      if (high !== undefined) await draw(HIGH, high);
    }
    drawn = ready;
  }
  return {
    ...(medium === undefined ? {} : { medium }),
    ...(high === undefined ? {} : { high }),
  };
}

function blank({ width, height }: Size): Picture {
  return { width, height, data: new Uint8Array(width * height * 3) };
}

/** Rows of blocks that can be drawn after a tile at the end of a row. */
function readyRows({ top, rows }: Tile, tiles: Tiles): number {
  const end = top + rows;
  return end === tiles.rows ? end : Math.max(0, end - SYNTHESIS_HALO);
}

function* cutRegions(
  from: number,
  to: number,
  width: number,
): Generator<Region> {
  for (let top = from; top < to; top += DRAWN_ROWS) {
    const rows = Math.min(DRAWN_ROWS, to - top);
    for (let left = 0; left < width; left += DRAWN_COLUMNS) {
      const columns = Math.min(DRAWN_COLUMNS, width - left);
      yield { top, left, rows, columns };
    }
  }
}

/** The latents of a tile, `[rows, columns, channels]`. */
async function decodeTile(
  loaded: LoadedModel,
  quality: number,
  tile: Tile,
  channels: typeof CHANNELS | typeof MEDIUM_CHANNELS,
  [first, second]: Uint8Array[],
): Promise<Int16Array> {
  const coder = new LatentCoder(loaded, quality, tile, channels);
  try {
    const decoder = new Decoder(first!);
    await coder.codeFirst(decoder);
    if (second === undefined) {
      if (channels === CHANNELS) await coder.codeSecond(decoder);
      checkEnd(decoder, "first", tile);
      return coder.latents;
    }
    checkEnd(decoder, "first", tile);
    const further = new Decoder(second);
    await coder.codeSecond(further);
    checkEnd(further, "second", tile);
    return coder.latents;
  } finally {
    coder.dispose();
  }
}

class Decoder extends RansDecoder implements ValueCoder {
  code(...part: Parameters<ValueCoder["code"]>): void {
    this.decode(...part);
  }
}

function checkEnd(
  { atEnd }: RansDecoder,
  layer: string,
  { top, left }: Tile,
): void {
  if (atEnd) return;
  throw new CodecError(
    "damaged",
    `The ${layer} layer does not end as it should in the tile at row ` +
      `${top * 8} and column ${left * 8}.`,
  );
}
