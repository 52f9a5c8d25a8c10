/**
 * How an image is cut into tiles, which are coded each by itself:
 *
 *     ┌──────────┬──────────┬──────┐    1024 x 1024 pixels, 128 x 128 blocks;
 *     │ tile 0   │ tile 1   │ 2    │    the last of a row or column is
 *     ├──────────┼──────────┼──────┤    smaller, and grows to a whole number
 *     │ tile 3   │ tile 4   │ 5    │    of 4 x 4 blocks, which share one
 *     └──────────┴──────────┴──────┘    place of the hyper-latent.
 *
 * @module
 */

import { BLOCK } from "@/codec/model/colour_dct.ts";

/** Side of a tile in pixels. */
export const TILE_SIDE = 1024;

/** Blocks along one place of the hyper-latent. */
const HYPER_BLOCKS = 4;

/** Pixels that sides are rounded up to. */
const WHOLE = BLOCK * HYPER_BLOCKS;

/** Width and height in pixels. */
export interface Size {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

/** A rectangle of blocks. */
export interface Region {
  /** Its first row, in blocks from the image's. */
  readonly top: number;
  /** Its first column. */
  readonly left: number;
  /** How many rows of blocks it has. */
  readonly rows: number;
  /** How many columns. */
  readonly columns: number;
}

/** A part of an image; rows and columns are multiples of 4. */
export interface Tile extends Region {
  /** Rows that are coded; those below are left as they are predicted. */
  readonly usedRows: number;
  /** Columns that are coded. */
  readonly usedColumns: number;
}

/** All tiles of an image. */
export interface Tiles {
  /** Rows of blocks of the image, a multiple of 4. */
  readonly rows: number;
  /** Columns of blocks. */
  readonly columns: number;
  /** Row by row. */
  readonly list: readonly Tile[];
}

/**
 * Cuts an image.
 *
 * @param size Of the high image.
 * @param side Of a tile in pixels, a multiple of 32; files have 1024.
 *
 * @example
 * ```ts
 * import { cutTiles } from "./tiles.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { rows, columns, list } = cutTiles({ width: 2000, height: 9 });
 * assertEquals([rows, columns, list.length], [4, 252, 2]);
 * assertEquals(list[1], {
 *   top: 0,
 *   left: 128,
 *   rows: 4,
 *   columns: 124,
 *   usedRows: 2,
 *   usedColumns: 122,
 * });
 * ```
 */
export function cutTiles(
  { width, height }: Size,
  side: number = TILE_SIDE,
): Tiles {
  if (side < WHOLE || side % WHOLE !== 0) {
    throw new RangeError(
      `A tile's side must be a multiple of ${WHOLE}, but it is ${side}.`,
    );
  }
  const [across, down] = [cutSide(width, side), cutSide(height, side)];
  return {
    rows: blocks(height),
    columns: blocks(width),
    list: down.flatMap((y) =>
      across.map((x) => ({
        top: y.start,
        left: x.start,
        rows: y.count,
        columns: x.count,
        usedRows: y.used,
        usedColumns: x.used,
      }))
    ),
  };
}

function cutSide(
  length: number,
  side: number,
): { start: number; count: number; used: number }[] {
  return Array.from({ length: Math.ceil(length / side) }, (_, i) => {
    const pixels = Math.min(side, length - i * side);
    return {
      start: i * side / BLOCK,
      count: blocks(pixels),
      used: Math.ceil(pixels / BLOCK),
    };
  });
}

function blocks(pixels: number): number {
  return HYPER_BLOCKS * Math.ceil(pixels / WHOLE);
}

/**
 * A region with what lies around it, within the image.
 *
 * @param halo Blocks on each side.
 */
export function withHalo(
  { top, left, rows, columns }: Region,
  halo: number,
  image: { readonly rows: number; readonly columns: number },
): Region {
  const [y, x] = [Math.max(0, top - halo), Math.max(0, left - halo)];
  return {
    top: y,
    left: x,
    rows: Math.min(image.rows, top + rows + halo) - y,
    columns: Math.min(image.columns, left + columns + halo) - x,
  };
}
