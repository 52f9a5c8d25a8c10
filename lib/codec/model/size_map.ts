/**
 * The sizes of a tile's blocks, and how they are coded: a decision for each
 * square whether it is a block, two halves or four squares, from superblocks
 * downwards.
 *
 * @module
 */

import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { SUPERBLOCK, type Tile } from "@/codec/format/tiles.ts";
import { codeOne, type ValueCoder } from "./latent_units.ts";
import {
  BLOCK_SIZES,
  CELL_PLANES,
  halvesOf,
  KIND_PLANES,
  SQUARE_SHARES,
  SQUARES,
} from "@/codec/transform/block_sizes.ts";

/**
 * What a square is: one block, four squares, two wide halves or two tall ones.
 */
export const DECISIONS = { one: 0, four: 1, wide: -1, tall: -2 } as const;

/**
 * Contexts of a decision: the square's size, and whether the blocks to its left
 * and above are smaller.
 */
export const SPLIT_CONTEXTS: number = 3 * (SQUARES.length - 1);

/** Sizes by how many cells they have: those of a square, between them halves. */
const RANKS = BLOCK_SIZES.map(({ rows, columns }) => Math.log2(rows * columns));

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
  /** The place in `BLOCK_SIZES` of each cell's block. */
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
    const isBelow = (size: number, square: number) =>
      RANKS[size]! < RANKS[square]!;
    const isSmaller = (y: number, x: number, square: number) =>
      y >= 0 && x >= 0 && isBelow(this.sizes[y * columns + x]!, square) ? 1 : 0;
    const decide = (y: number, x: number, square: number) => {
      const cell = y * columns + x;
      const context = isSmaller(y, x - 1, square) +
        isSmaller(y - 1, x, square);
      const was = before?.hasTables && isBelow(before.map.sizes[cell]!, square)
        ? SPLIT_CONTEXTS
        : 0;
      const index = firstTable + was + 3 * (square - 1) + context;
      const size = wanted?.[cell] ?? square;
      return codeOne(coder, tables, index, decisionOf(size, square));
    };
    const visit = (y: number, x: number, square: number) => {
      const isUsed = y < usedRows && x < usedColumns;
      const decision = isUsed && square > 0
        ? decide(y, x, square)
        : DECISIONS.one;
      const halves = halvesOf(square);
      const half = SQUARES[square]! / 2;
      const fill = (y: number, x: number, size: number) =>
        this.#fill(y, x, size, y < usedRows && x < usedColumns);
      if (decision === DECISIONS.one) fill(y, x, square);
      else if (halves && decision === DECISIONS.wide) {
        fill(y, x, halves.wide);
        fill(y + half, x, halves.wide);
      } else if (halves && decision === DECISIONS.tall) {
        fill(y, x, halves.tall);
        fill(y, x + half, halves.tall);
      } else {
        visit(y, x, square - 1);
        visit(y, x + half, square - 1);
        visit(y + half, x, square - 1);
        visit(y + half, x + half, square - 1);
      }
    };
    for (let y = 0; y < rows; y += SUPERBLOCK) {
      for (let x = 0; x < columns; x += SUPERBLOCK) {
        const place = y / SUPERBLOCK * columns / SUPERBLOCK + x / SUPERBLOCK;
        if (before?.copied[place]) this.#copy(y, x, before.map);
        else visit(y, x, SQUARES.length - 1);
      }
    }
  }

  /**
   * What the networks are told about the cells; see `cellPlanes`.
   *
   * @param unit The whole number that stands for 1; a multiple of 8.
   * @returns `[rows, columns, 10]`.
   */
  planes(unit: number): Float32Array<ArrayBuffer> {
    const { columns, kinds, sizes } = this;
    const planes = new Float32Array(kinds.length * CELL_PLANES);
    kinds.forEach((kind, cell) => {
      const size = BLOCK_SIZES[sizes[cell]!]!;
      const y = Math.floor(cell / columns) % size.rows / size.rows;
      const x = cell % columns % size.columns / size.columns;
      const at = cell * CELL_PLANES;
      const known = KIND_PLANES[kind]!;
      for (let i = 0; i < known.length; i++) planes[at + i] = known[i]! * unit;
      planes[at + known.length] = y * unit;
      planes[at + known.length + 1] = x * unit;
    });
    return planes;
  }

  /**
   * The share of each square in squares of cells; see `SQUARE_SHARES`.
   *
   * @param side Side of the squares in cells.
   * @param unit The whole number that stands for 1; a multiple of 2 side².
   * @returns `[rows / side, columns / side, 4]`.
   */
  shares(side: number, unit: number): Float32Array<ArrayBuffer> {
    const { columns, sizes } = this;
    const count = SQUARES.length, across = columns / side;
    const shares = new Float32Array(sizes.length / side ** 2 * count);
    sizes.forEach((size, cell) => {
      const y = Math.floor(Math.floor(cell / columns) / side);
      const x = Math.floor(cell % columns / side);
      const at = (y * across + x) * count;
      SQUARE_SHARES[size]!.forEach((share, i) =>
        shares[at + i]! += share * unit / side ** 2
      );
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
    const { rows, columns } = BLOCK_SIZES[size]!;
    for (let y = top; y < top + rows; y++) {
      for (let x = left; x < left + columns; x++) {
        const at = y * this.columns + x;
        this.sizes[at] = size;
        this.coded[at] = isCoded ? 1 : 0;
        const isFirst = y === top && x === left;
        this.kinds[at] = isFirst ? size : size + BLOCK_SIZES.length - 1;
      }
    }
  }
}

/** What a square is whose first block has a size. */
function decisionOf(size: number, square: number): number {
  if (size === square) return DECISIONS.one;
  const halves = halvesOf(square);
  if (size === halves?.wide) return DECISIONS.wide;
  return size === halves?.tall ? DECISIONS.tall : DECISIONS.four;
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
