/**
 * The layers of a file to images, from top to bottom:
 *
 *     streams ▶ latents of a tile ▶ coefficients of 8x8 cells ▶ pixels of all
 *                                   │ kept: a row of tiles      rows of cells
 *                                     and a halo                whose halo is known
 *
 * Apart from the images themselves, memory does not grow with an image's
 * height.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { tensor4d, tidy } from "@tensorflow/tfjs";
import { RansDecoder } from "@/codec/entropy/rans.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { splitStreams } from "@/codec/format/tile_streams.ts";
import {
  BLOCK,
  cutTiles,
  type Region,
  type Size,
  SUPERBLOCK,
  type Tile,
  type Tiles,
  withHalo,
} from "@/codec/format/tiles.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { HYPER_UNIT, type ValueCoder } from "@/codec/model/latent_units.ts";
import { makeThumbnail } from "@/codec/model/networks.ts";
import { Pauses } from "@/codec/model/pauses.ts";
import type { Pixels } from "@/images/pixels.ts";
import { LatentCoder } from "@/codec/model/latent_coder.ts";
import { kindUnits, type LoadedModel } from "@/codec/model/codec_model.ts";
import { CellRows } from "./cell_rows.ts";
import { cellsOf } from "./cell_coefficients.ts";
import { correctedCells, drawCells } from "./draw_cells.ts";
import type { TileState } from "@/codec/model/before_coder.ts";
import { codeMarks, PLAIN_TABLES } from "@/codec/model/size_map.ts";

/**
 * Cells around a cell that its pixels depend on. High: four 3x3 convolutions of
 * cells, then three of half cells, so 5.5; medium: four.
 */
export const HALO = 6;

/** Maximum rows of cells that are drawn at once. */
const DRAWN_ROWS = 64;

/** Maximum columns of cells that are drawn at once. */
const DRAWN_COLUMNS = 128;

/** The layers of a file, and what its header says of them. */
export interface LayersToDecode extends Size {
  /** The quality that they were encoded with, 1..100. */
  readonly quality: number;
  /** Place in `COARSENESS`. */
  readonly coarseness: number;
  /** The streams of the layers that are there, at least the first. */
  readonly layers: readonly Uint8Array[];
  /** The frame before, tile by tile, if this one is a frame after it. */
  readonly before?: readonly TileState[] | undefined;
}

/** Options of {@linkcode decodeLayers}. */
export interface DecodeLayersOptions {
  /** Whether the thumbnail is made. */
  readonly thumbnail?: boolean;
  /** Whether the medium image is made; it needs two layers. */
  readonly medium?: boolean;
  /** Whether the high image is made; it needs three layers. */
  readonly high?: boolean;
  /** Side of the tiles in pixels; 1024, as in files, by default. */
  readonly tileSide?: number;
  /**
   * What the next frame takes: superblocks, or also what it is predicted from;
   * nothing by default.
   */
  readonly leaves?: "blocks" | "planes";
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each tile and its latents, in 1/16 of a step. */
  readonly onTile?: (tile: Tile, latents: Int16Array) => void;
}

/** The images of a file that were made. */
export interface DecodedLayers {
  /** 1/32 of the width and height, rounded up. */
  readonly thumbnail?: Pixels;
  /** Half the width and height, rounded up. */
  readonly medium?: Pixels;
  /** The full size. */
  readonly high?: Pixels;
  /** What the next frame takes, tile by tile, if that is wanted. */
  readonly left?: readonly TileState[];
}

/** An image while it is drawn. */
interface Drawing {
  readonly image: Pixels;
  readonly rows: CellRows;
  /** Side of a cell in pixels. */
  readonly side: number;
}

/**
 * Decodes the layers of a file.
 *
 * @param loaded The model.
 * @param source The layers.
 * @param options Which images are made.
 * @returns The images.
 * @throws {CodecError} "damaged" if a stream does not end as it should, "too
 * large" if the images do not fit into memory.
 * @throws The signal's reason, once it is aborted.
 */
export async function decodeLayers(
  loaded: LoadedModel,
  source: LayersToDecode,
  options: DecodeLayersOptions,
): Promise<DecodedLayers> {
  const tiles = cutTiles(source, options.tileSide);
  const { quality, coarseness } = source;
  const last = options.high ? 2 : options.medium ? 1 : 0;
  const streams = source.layers.slice(0, last + 1)
    .map((layer) => splitStreams(layer, tiles.list.length));
  const units = kindUnits(loaded.model, quality);
  const pauses = new Pauses(options.signal);
  const thumbnail = options.thumbnail
    ? blankImage(scaledDown(source, 32))
    : undefined;
  let medium: Drawing | undefined, high: Drawing | undefined;
  const across = tiles.columns / SUPERBLOCK;
  const plain = new Uint8Array(tiles.rows / SUPERBLOCK * across);
  const left: TileState[] = [];
  let drawn = 0;
  for (const [i, tile] of tiles.list.entries()) {
    await pauses.pause();
    const before = source.before?.[i];
    const coder = new LatentCoder(loaded, {
      ...{ tile, quality, coarseness, pauses },
      before,
      layers: last,
    });
    const put = ({ rows, side }: Drawing) =>
      rows.put(tile, cellsOf(loaded, coder, units, side));
    let ofTile = new Uint8Array();
    try {
      await codeLayer(streams[0]![i]!, "first", tile, (c) => coder.start(c));
      // Not before the first tiles are known to be whole.
      if (options.medium) medium ??= makeDrawing(source, tiles, BLOCK / 2);
      if (options.high) high ??= makeDrawing(source, tiles, BLOCK);
      if (thumbnail !== undefined) {
        await drawThumbnail(loaded, coder, tile, thumbnail);
      }
      if (last >= 1) {
        await codeLayer(streams[1]![i]!, "second", tile, async (c) => {
          await coder.code(1, c);
          ofTile = codeMarks(tile, c, PLAIN_TABLES, {
            kept: before && { copied: coder.copied!, marks: before.plain },
          });
          putPlain(tile, ofTile, plain, across);
        });
      }
      if (medium !== undefined) put(medium);
      if (last === 2) {
        await codeLayer(
          streams[2]![i]!,
          "third",
          tile,
          (c) => coder.code(2, c),
        );
        put(high!);
      }
      options.onTile?.(tile, coder.latents);
      if (options.leaves !== undefined) {
        left.push(coder.state(ofTile, options.leaves === "planes"));
      }
    } finally {
      coder.dispose();
    }
    if (tile.left + tile.columns < tiles.columns) continue;
    const ready = readyRows(tile, tiles);
    for (const region of cutRegions(drawn, ready, tiles.columns)) {
      for (const drawing of [medium, high]) {
        if (drawing === undefined) continue;
        await pauses.pause();
        await drawRegion(loaded, region, tiles, drawing, source, plain);
      }
    }
    drawn = ready;
  }
  return {
    ...thumbnail && { thumbnail },
    ...medium && { medium: medium.image },
    ...high && { high: high.image },
    ...options.leaves && { left },
  };
}

/** Notes which superblocks of a tile are not corrected. */
function putPlain(
  { top, left, columns }: Tile,
  ofTile: Uint8Array,
  plain: Uint8Array,
  across: number,
): void {
  const width = columns / SUPERBLOCK;
  const first = top / SUPERBLOCK * across + left / SUPERBLOCK;
  ofTile.forEach((one, i) => {
    plain[first + Math.floor(i / width) * across + i % width] = one;
  });
}

/** Decodes a stream to its end. */
async function codeLayer(
  stream: Uint8Array,
  layer: string,
  { top, left }: Tile,
  code: (coder: ValueCoder) => Promise<void>,
): Promise<void> {
  const decoder = new RansDecoder(stream);
  await code({ code: (...part) => decoder.decode(...part) });
  if (decoder.atEnd) return;
  throw new CodecError(
    "damaged",
    `The ${layer} layer does not end as it should in the tile at row ` +
      `${top * BLOCK} and column ${left * BLOCK}.`,
  );
}

async function drawThumbnail(
  loaded: LoadedModel,
  { hyper, map }: LatentCoder,
  tile: Tile,
  image: Pixels,
): Promise<void> {
  const rows = tile.rows / 4, columns = tile.columns / 4;
  const drawn = tidy(() => {
    const square = (values: Float32Array) =>
      tensor4d(values, [1, rows, columns, values.length / rows / columns]);
    return makeThumbnail(
      square(hyper).div(HYPER_UNIT) as Tensor4D,
      square(map.shares(4, 16)).div(16) as Tensor4D,
      loaded.real,
    );
  });
  try {
    const values = await drawn.data();
    copyPixels(values, image, {
      top: tile.top / 4,
      left: tile.left / 4,
      rows,
      columns,
    }, 1);
  } finally {
    drawn.dispose();
  }
}

function makeDrawing(size: Size, tiles: Tiles, side: number): Drawing {
  const rows = Math.min(tiles.rows, tiles.list[0]!.rows + 2 * HALO);
  const channels = side === BLOCK ? CHANNELS : MEDIUM_CHANNELS;
  return {
    image: blankImage(scaledDown(size, BLOCK / side)),
    rows: new CellRows(rows, tiles.columns, channels),
    side,
  };
}

function scaledDown({ width, height }: Size, divisor: number): Size {
  return {
    width: Math.ceil(width / divisor),
    height: Math.ceil(height / divisor),
  };
}

/** A black image. */
function blankImage({ width, height }: Size): Pixels {
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

/** Rows of cells that can be drawn once the last tile of a row is decoded. */
function readyRows({ top, rows }: Tile, tiles: Tiles): number {
  const end = top + rows;
  return end === tiles.rows ? end : Math.max(0, end - HALO);
}

/** Cuts rows of cells into regions that are drawn at once. */
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

/**
 * Draws a region of an image. Its pixels are the same as if the whole image were
 * drawn at once.
 */
async function drawRegion(
  loaded: LoadedModel,
  region: Region,
  tiles: Tiles,
  { image, rows: known, side }: Drawing,
  { quality, coarseness }: LayersToDecode,
  plain: Uint8Array,
): Promise<void> {
  const window = withHalo(region, HALO, tiles);
  const drawn = tidy(() => {
    const shape = [1, window.rows, window.columns, known.channels] as const;
    const cells = tensor4d(known.read(window), [...shape]);
    const across = tiles.columns / SUPERBLOCK;
    const corrected = correctedCells(plain, across, window);
    const pixels = drawCells(loaded, cells, {
      ...{ side, quality, coarseness },
      ...corrected && { corrected },
    });
    return pixels.slice(
      [
        0,
        side * (region.top - window.top),
        side * (region.left - window.left),
        0,
      ],
      [1, side * region.rows, side * region.columns, 3],
    );
  });
  try {
    copyPixels(await drawn.data(), image, region, side);
  } finally {
    drawn.dispose();
  }
}

/** Copies pixels of cells, in 0..1, to an image, as far as it goes. */
function copyPixels(
  values: ArrayLike<number>,
  image: Pixels,
  region: Region,
  side: number,
): void {
  const [top, left] = [side * region.top, side * region.left];
  const rows = Math.min(side * region.rows, image.height - top);
  const columns = Math.min(side * region.columns, image.width - left);
  for (let y = 0; y < rows; y++) {
    let from = 3 * y * side * region.columns;
    let to = 3 * ((top + y) * image.width + left);
    for (const end = from + 3 * columns; from < end; from++) {
      const value = values[from]! * 255 + 0.5;
      image.data[to++] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
}
