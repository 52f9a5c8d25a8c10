/**
 * How an image is cut into tiles, each of which is coded independently:
 *
 *     ┌──────────┬──────────┬──────┐    1024 x 1024 pixels, 128 x 128 cells;
 *     │ tile 0   │ tile 1   │ 2    │    the last tile of a row or column is
 *     ├──────────┼──────────┼──────┤    smaller and padded to a whole number
 *     │ tile 3   │ tile 4   │ 5    │    of superblocks of 8 x 8 cells.
 *     └──────────┴──────────┴──────┘
 *
 * @module
 */

import { invalid } from "@/errors/invalid.ts";

/** Side of a cell of the high image in pixels; the medium image's is half. */
export const BLOCK = 8;

/** Side of a superblock in cells. */
export const SUPERBLOCK = 8;

/** Side of a tile in pixels. */
const TILE_SIDE = 1024;

/** Cells along one place of the hyper-latent. */
export const HYPER_BLOCKS = 4;

/** Width and height in pixels. */
export interface Size {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
}

/** A rectangle of cells. */
export interface Region {
  /** Its first row, in cells from the image's top. */
  readonly top: number;
  /** Its first column, in cells from the image's left. */
  readonly left: number;
  /** Its height in cells. */
  readonly rows: number;
  /** Its width in cells. */
  readonly columns: number;
}

/** A part of an image; rows and columns are multiples of 8. */
export interface Tile extends Region {
  /** Rows of cells that the image reaches; those below are padding. */
  readonly usedRows: number;
  /** Columns of cells that the image reaches. */
  readonly usedColumns: number;
}

/** All tiles of an image. */
export interface Tiles {
  /** Height of the image in cells, a multiple of 8. */
  readonly rows: number;
  /** Width of the image in cells, a multiple of 8. */
  readonly columns: number;
  /** The tiles, row by row. */
  readonly list: readonly Tile[];
}

/**
 * Cuts an image into tiles.
 *
 * @param size Of the high image in pixels.
 * @param side Of a tile in pixels, a multiple of 64; 1024 in files.
 * @returns The tiles.
 * @throws {RangeError} If the tile's side is no such multiple.
 *
 * @example
 * ```ts
 * import { cutTiles } from "./tiles.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { rows, columns, list } = cutTiles({ width: 2000, height: 9 });
 * assertEquals([rows, columns, list.length], [8, 256, 2]);
 * assertEquals(list[1], {
 *   top: 0,
 *   left: 128,
 *   rows: 8,
 *   columns: 128,
 *   usedRows: 2,
 *   usedColumns: 122,
 * });
 * ```
 */
export function cutTiles(size: Size, side: number = TILE_SIDE): Tiles {
  const padding = BLOCK * SUPERBLOCK;
  if (side < padding || side % padding !== 0) {
    throw invalid("side", `a multiple of ${padding} pixels`, side);
  }
  const { width, height } = size;
  const [across, down] = [cutSide(width, side), cutSide(height, side)];
  return {
    rows: wholeCells(height),
    columns: wholeCells(width),
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

/** Cells of a side, in whole superblocks. */
function wholeCells(pixels: number): number {
  return SUPERBLOCK * Math.ceil(pixels / (BLOCK * SUPERBLOCK));
}

function cutSide(
  length: number,
  side: number,
): { start: number; count: number; used: number }[] {
  return Array.from({ length: Math.ceil(length / side) }, (_, i) => {
    const pixels = Math.min(side, length - i * side);
    return {
      start: i * side / BLOCK,
      count: wholeCells(pixels),
      used: Math.ceil(pixels / BLOCK),
    };
  });
}

/**
 * Extends a region on all sides, as far as the image goes.
 *
 * @param region The region.
 * @param halo Cells that are added on each side.
 * @param image Size of the image in cells.
 * @returns The larger region.
 */
export function withHalo(
  region: Region,
  halo: number,
  image: { readonly rows: number; readonly columns: number },
): Region {
  const { top, left, rows, columns } = region;
  const [y, x] = [Math.max(0, top - halo), Math.max(0, left - halo)];
  return {
    top: y,
    left: x,
    rows: Math.min(image.rows, top + rows + halo) - y,
    columns: Math.min(image.columns, left + columns + halo) - x,
  };
}
