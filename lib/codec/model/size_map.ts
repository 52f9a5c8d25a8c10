/**
 * The sizes of a tile's blocks, and how they are coded: a decision for each
 * square whether it is split, from superblocks downwards.
 *
 * @module
 */

import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { SUPERBLOCK, type Tile } from "@/codec/format/tiles.ts";
import type { ValueCoder } from "./latent_units.ts";
import { BLOCK_CELLS, CELL_KINDS, CELL_PLANES } from "./block_sizes.ts";

/**
 * Contexts of a decision: the square's size, and whether the blocks to its left
 * and above are smaller.
 */
export const SPLIT_CONTEXTS: number = 3 * (BLOCK_CELLS.length - 1);

/** The sizes of a tile's blocks. */
export class SizeMap {
  /** Rows of cells. */
  readonly rows: number;
  /** Columns of cells. */
  readonly columns: number;
  /** The place in `BLOCK_CELLS` of each cell's block. */
  readonly sizes: Uint8Array;
  /** The kind of each cell, in the order of `cellKinds`. */
  readonly kinds: Uint8Array;
  /** 1 for cells of blocks that are coded: those that the image reaches. */
  readonly coded: Uint8Array;

  /**
   * Codes a map.
   *
   * @param tile The tile; rows and columns are multiples of 8.
   * @param coder Consumes or produces the decisions.
   * @param tables Of the decisions, one per context.
   * @param firstTable The first of them.
   * @param wanted Sizes to encode; without it they are decoded.
   */
  constructor(
    tile: Tile,
    coder: ValueCoder,
    tables: FrequencyTables,
    firstTable: number,
    wanted?: ArrayLike<number>,
  ) {
    const { rows, columns, usedRows, usedColumns } = tile;
    this.rows = rows;
    this.columns = columns;
    this.sizes = new Uint8Array(rows * columns);
    this.kinds = new Uint8Array(rows * columns);
    this.coded = new Uint8Array(rows * columns);
    const isSmaller = (y: number, x: number, size: number) =>
      y >= 0 && x >= 0 && this.sizes[y * columns + x]! < size ? 1 : 0;
    const visit = (y: number, x: number, size: number) => {
      const isUsed = y < usedRows && x < usedColumns;
      if (isUsed && size > 0) {
        const context = isSmaller(y, x - 1, size) + isSmaller(y - 1, x, size);
        const indices = Uint16Array.of(firstTable + 3 * (size - 1) + context);
        const isSplit = wanted !== undefined && wanted[y * columns + x]! < size;
        const values = Int32Array.of(isSplit ? 1 : 0);
        coder.code(tables, indices, values);
        if (values[0] !== 0) {
          const half = BLOCK_CELLS[size - 1]!;
          visit(y, x, size - 1);
          visit(y, x + half, size - 1);
          visit(y + half, x, size - 1);
          visit(y + half, x + half, size - 1);
          return;
        }
      }
      this.#fill(y, x, size, isUsed);
    };
    for (let y = 0; y < rows; y += SUPERBLOCK) {
      for (let x = 0; x < columns; x += SUPERBLOCK) {
        visit(y, x, BLOCK_CELLS.length - 1);
      }
    }
  }

  /**
   * What the networks are told about the cells; see `cellPlanes`.
   *
   * @param unit The whole number that stands for 1; a multiple of 8.
   * @returns `[rows, columns, 9]`.
   */
  planes(unit: number): Float32Array<ArrayBuffer> {
    const { columns, kinds, sizes } = this;
    const planes = new Float32Array(kinds.length * CELL_PLANES);
    kinds.forEach((kind, cell) => {
      const cells = BLOCK_CELLS[sizes[cell]!]!;
      const at = cell * CELL_PLANES;
      planes[at + kind] = unit;
      planes[at + CELL_KINDS] = Math.floor(cell / columns) % cells / cells *
        unit;
      planes[at + CELL_KINDS + 1] = cell % columns % cells / cells * unit;
    });
    return planes;
  }

  /**
   * The share of each size in squares of cells.
   *
   * @param side Side of the squares in cells.
   * @param unit The whole number that stands for 1; a multiple of side².
   * @returns `[rows / side, columns / side, 4]`.
   */
  shares(side: number, unit: number): Float32Array<ArrayBuffer> {
    const { columns, sizes } = this;
    const count = BLOCK_CELLS.length, across = columns / side;
    const shares = new Float32Array(sizes.length / side ** 2 * count);
    sizes.forEach((size, cell) => {
      const y = Math.floor(Math.floor(cell / columns) / side);
      const x = Math.floor(cell % columns / side);
      shares[(y * across + x) * count + size]! += unit / side ** 2;
    });
    return shares;
  }

  #fill(top: number, left: number, size: number, isCoded: boolean): void {
    const cells = BLOCK_CELLS[size]!;
    for (let y = top; y < top + cells; y++) {
      for (let x = left; x < left + cells; x++) {
        const at = y * this.columns + x;
        this.sizes[at] = size;
        this.coded[at] = isCoded ? 1 : 0;
        const isFirst = y === top && x === left;
        this.kinds[at] = isFirst ? size : size + BLOCK_CELLS.length - 1;
      }
    }
  }
}

/**
 * Frequencies of superblocks that are not corrected, by how many of those to the
 * left and above are not.
 */
const PLAIN_TABLES = new FrequencyTables(
  [600, 20000, 50000].map((plain) => ({
    centre: 0,
    frequencies: [65534 - plain, 1, plain, 1],
  })),
);

/**
 * Codes which superblocks of a tile are not corrected by networks.
 *
 * @param tile The tile; rows and columns are multiples of 8.
 * @param coder Consumes or produces the decisions.
 * @param wanted 1 for superblocks that are not corrected, row by row; without it
 * they are decoded.
 * @returns 1 for superblocks that are not corrected, row by row.
 */
export function codePlain(
  { rows, columns }: Tile,
  coder: ValueCoder,
  wanted?: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const across = columns / SUPERBLOCK;
  const plain = new Uint8Array(rows / SUPERBLOCK * across);
  for (let i = 0; i < plain.length; i++) {
    const left = i % across > 0 ? plain[i - 1]! : 0;
    const above = i >= across ? plain[i - across]! : 0;
    const values = Int32Array.of(wanted?.[i] ?? 0);
    coder.code(PLAIN_TABLES, Uint16Array.of(left + above), values);
    plain[i] = values[0] === 0 ? 0 : 1;
  }
  return plain;
}
