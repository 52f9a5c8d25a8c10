/**
 * The layers of a file to images, from top to bottom:
 *
 *     streams ▶ latents of a row of tiles ▶ pixels of all rows of blocks
 *               │ kept: these and a halo      whose halo is known
 *
 * Apart from the images themselves, memory does not grow with an image's
 * height. Both images of 8192x8192 pixels take 252 MB and the latents 54 MB;
 * with what the networks need, the published widths take at most 580 MB on
 * TensorFlow in addition to the 410 MB of an idle engine, measured on Linux.
 *
 * @module
 */

import { RansDecoder } from "@/codec/entropy/rans.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { splitStreams } from "@/codec/format/tile_streams.ts";
import {
  BLOCK,
  cutTiles,
  type Region,
  type Size,
  type Tile,
  type Tiles,
} from "@/codec/format/tiles.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/model/colour_dct.ts";
import {
  LatentCoder,
  type LatentCoderOptions,
  latentUnits,
  type ValueCoder,
} from "@/codec/model/latent_coder.ts";
import { hasOneLatent, mediumReads } from "@/codec/model/networks.ts";
import { Pauses } from "@/codec/model/pauses.ts";
import type { Pixels } from "@/images/pixels.ts";
import {
  drawRegion,
  HIGH,
  type ImageKind,
  MEDIUM,
  SYNTHESIS_HALO,
} from "./draw_region.ts";
import { LatentRows } from "./latent_rows.ts";

/** Maximum rows of blocks that are drawn at once. */
const DRAWN_ROWS = 64;

/** Maximum columns of blocks that are drawn at once. */
const DRAWN_COLUMNS = 128;

/** The layers of a file, and what its header says of them. */
export interface LayersToDecode extends Size {
  /** The quality that they were encoded with, 1..100. */
  readonly quality: number;
  /** The first layer's stream, or that of all latents if there is one layer. */
  readonly first: Uint8Array;
  /** The second's; without it a model of two layers makes no high image. */
  readonly second?: Uint8Array;
}

/** Options of {@linkcode decodeLayers}. */
export interface DecodeLayersOptions {
  /** Whether the medium image is made. */
  readonly medium: boolean;
  /** Whether the high image is made. */
  readonly high: boolean;
  /** Side of the tiles in pixels; 1024, as in files, by default. */
  readonly tileSide?: number;
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each tile and its latents, in 1/16 of a step. */
  readonly onTile?: (tile: Tile, latents: Int16Array) => void;
}

/** The images of a file that were made. */
export interface DecodedSizes {
  /** Half the width and height, rounded up. */
  readonly medium?: Pixels;
  /** The full size. */
  readonly high?: Pixels;
}

/**
 * Decodes the layers of a file.
 *
 * @param loaded The model that made them.
 * @param layers The layers.
 * @param options Which images are made.
 * @returns The images.
 * @throws {CodecError} "damaged" if the model did not make a stream, "too large"
 * if the images do not fit into memory.
 * @throws The signal's reason, once it is aborted.
 */
export async function decodeLayers(
  loaded: LoadedModel,
  layers: LayersToDecode,
  options: DecodeLayersOptions,
): Promise<DecodedSizes> {
  const { quality, first, second } = layers;
  const tiles = cutTiles(layers, options.tileSide);
  const isOneLatent = hasOneLatent(loaded.real);
  const isHigh = options.high && (isOneLatent || second !== undefined);
  const streams = [first, ...(isHigh && !isOneLatent ? [second!] : [])]
    .map((layer) => splitStreams(layer, tiles.list.length));
  const channels = isHigh || isOneLatent ? CHANNELS : MEDIUM_CHANNELS;
  const latents = new LatentRows(
    Math.min(tiles.rows, tiles.list[0]!.rows + 2 * SYNTHESIS_HALO),
    tiles.columns,
    latentUnits(loaded.model, quality).subarray(0, channels),
  );
  const mediumKind = { ...MEDIUM, channels: mediumReads(loaded.real) };
  const pauses = new Pauses(options.signal);
  let images: DecodedSizes | undefined;
  let drawn = 0;
  for (const [i, tile] of tiles.list.entries()) {
    const ofTile = streams.map((layer) => layer[i]!);
    const coding = { tile, quality, channels, pauses };
    const decoded = await decodeTile(loaded, coding, ofTile);
    options.onTile?.(tile, decoded);
    latents.put(tile, decoded);
    if (tile.left + tile.columns < tiles.columns) continue;
    // Not before the first tiles are known to be whole.
    images ??= blankImages(layers, options.medium, isHigh);
    const ready = readyRows(tile, tiles);
    for (const region of cutRegions(drawn, ready, tiles.columns)) {
      const draw = async (kind: ImageKind, image: Pixels | undefined) => {
        if (image === undefined) return;
        await pauses.pause();
        const drawing = { kind, image, quality, latents, tiles };
        await drawRegion(loaded, region, drawing);
      };
      await draw(mediumKind, images.medium);
      await draw(HIGH, images.high);
    }
    drawn = ready;
  }
  return images!;
}

function blankImages(
  { width, height }: Size,
  medium: boolean,
  high: boolean,
): DecodedSizes {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  return {
    ...(medium ? { medium: blankImage(half) } : {}),
    ...(high ? { high: blankImage({ width, height }) } : {}),
  };
}

/**
 * A black image.
 *
 * @param size In pixels.
 * @returns The image.
 * @throws {CodecError} "too large" if it does not fit into memory.
 */
export function blankImage({ width, height }: Size): Pixels {
  try {
    return { width, height, data: new Uint8Array(width * height * 3) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CodecError(
      "too large",
      `The image of ${width}x${height} pixels does not fit into memory.`,
    );
  }
}

/** Rows of blocks that can be drawn once the last tile of a row is decoded. */
function readyRows({ top, rows }: Tile, tiles: Tiles): number {
  const end = top + rows;
  return end === tiles.rows ? end : Math.max(0, end - SYNTHESIS_HALO);
}

/**
 * Cuts rows into regions that are drawn at once.
 *
 * @param from The first row, in blocks.
 * @param to The row after the last one.
 * @param width Blocks in a row.
 * @returns The regions, row by row.
 */
export function* cutRegions(
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
  coding: LatentCoderOptions,
  streams: readonly Uint8Array[],
): Promise<Int16Array> {
  const { tile, channels } = coding;
  const coder = new LatentCoder(loaded, coding);
  try {
    const first = new TileDecoder(streams[0]!);
    const second = streams[1] === undefined
      ? first
      : new TileDecoder(streams[1]);
    await coder.code(1, first);
    if (second !== first) checkEnd(first, "first", tile);
    if (channels === CHANNELS) await coder.code(2, second);
    checkEnd(second, second === first ? "first" : "second", tile);
    return coder.latents;
  } finally {
    coder.dispose();
  }
}

class TileDecoder extends RansDecoder implements ValueCoder {
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
      `${top * BLOCK} and column ${left * BLOCK}.`,
  );
}
