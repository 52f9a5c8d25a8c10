/**
 * The sizes of a tile's blocks, and how they are coded: a decision for each
 * square whether it is split, from superblocks downwards.
 *
 * @module
 */

import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { SUPERBLOCK, type Tile } from "@/codec/format/tiles.ts";
import { codeOne, type ValueCoder } from "./latent_units.ts";
import {
  BLOCK_CELLS,
  CELL_KINDS,
  CELL_PLANES,
} from "@/codec/transform/block_sizes.ts";

/**
 * Contexts of a decision: the square's size, and whether the blocks to its left
 * and above are smaller.
 */
export const SPLIT_CONTEXTS: number = 3 * (BLOCK_CELLS.length - 1);

/** What the sizes of blocks are coded with. */
export interface SizeCoding {
  /** Of the decisions, one per context. */
  readonly tables: FrequencyTables;
  /** The first of them. */
  readonly firstTable: number;
  /** Sizes to encode; without it they are decoded. */
  readonly wanted?: ArrayLike<number> | undefined;
  /** What is known of the frame before. */
  readonly before?: {
    /** Its blocks. */
    readonly map: SizeMap;
    /** 1 for superblocks that are copied, row by row. */
    readonly copied: Uint8Array;
    /** Whether there are tables for what was split and what was not. */
    readonly hasTables: boolean;
  } | undefined;
}

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
   * @param coding What they are coded with.
   */
  constructor(
    tile: Tile,
    coder: ValueCoder,
    { tables, firstTable, wanted, before }: SizeCoding,
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
        const was =
          before?.hasTables && before.map.sizes[y * columns + x]! < size
            ? SPLIT_CONTEXTS
            : 0;
        const index = firstTable + was + 3 * (size - 1) + context;
        const isSplit = wanted !== undefined && wanted[y * columns + x]! < size;
        if (codeOne(coder, tables, index, isSplit ? 1 : 0) !== 0) {
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
        const place = y / SUPERBLOCK * columns / SUPERBLOCK + x / SUPERBLOCK;
        if (before?.copied[place]) this.#copy(y, x, before.map);
        else visit(y, x, BLOCK_CELLS.length - 1);
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

  /** A superblock as it was, which is not coded. */
  #copy(top: number, left: number, { sizes, kinds }: SizeMap): void {
    for (let y = top; y < top + SUPERBLOCK; y++) {
      const from = y * this.columns + left;
      const row = (values: Uint8Array) =>
        values.subarray(from, from + SUPERBLOCK);
      this.sizes.set(row(sizes), from);
      this.kinds.set(row(kinds), from);
    }
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
export const PLAIN_TABLES: FrequencyTables = markTables([600, 20000, 50000]);

/** What {@linkcode codeMarks} encodes, and what it leaves out. */
export interface MarkCoding {
  /** 1 for marked superblocks, row by row; without it they are decoded. */
  readonly wanted?: Uint8Array | undefined;
  /** Superblocks that are marked as in the frame before, and these marks. */
  readonly kept?:
    | { readonly copied: Uint8Array; readonly marks: Uint8Array }
    | undefined;
}

/**
 * Tables of marks.
 *
 * @param chances How many of 65536 superblocks are marked, with none, one and
 * two marked ones to the left and above.
 * @returns One table for each.
 */
export function markTables(chances: readonly number[]): FrequencyTables {
  return new FrequencyTables(
    chances.map((marked) => ({
      centre: 0,
      frequencies: [65534 - marked, 1, marked, 1],
    })),
  );
}

/**
 * Codes which superblocks of a tile are marked.
 *
 * @param tile The tile; rows and columns are multiples of 8.
 * @param coder Consumes or produces the decisions.
 * @param tables One for each number of marked superblocks to the left and above.
 * @param coding What is encoded.
 * @returns 1 for marked superblocks, row by row.
 */
export function codeMarks(
  { rows, columns }: Pick<Tile, "rows" | "columns">,
  coder: ValueCoder,
  tables: FrequencyTables,
  { wanted, kept }: MarkCoding = {},
): Uint8Array<ArrayBuffer> {
  const across = columns / SUPERBLOCK;
  const marks = new Uint8Array(rows / SUPERBLOCK * across);
  for (let i = 0; i < marks.length; i++) {
    if (kept?.copied[i]) {
      marks[i] = kept.marks[i]!;
      continue;
    }
    const left = i % across > 0 ? marks[i - 1]! : 0;
    const above = i >= across ? marks[i - across]! : 0;
    const mark = codeOne(coder, tables, left + above, wanted?.[i] ?? 0);
    marks[i] = mark === 0 ? 0 : 1;
  }
  return marks;
}
