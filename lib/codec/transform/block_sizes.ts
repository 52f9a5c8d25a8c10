/**
 * Blocks of several sizes on one grid of cells of 8x8 pixels.
 *
 * A superblock of 64x64 pixels is one block, or four squares of which each is a
 * block or is cut again, down to 8x8. Squares of 32x32 and 16x16 pixels may also
 * be two blocks, one above the other or side by side. A block of 8m x 8n pixels
 * covers m x n cells. Its coefficients lie interleaved in them: the coefficient
 * (v, u) is in the cell (v mod m, u mod n) of the block, in the channel of the
 * frequency (⌊v / m⌋, ⌊u / n⌋) of an 8x8 block. So a channel means the same band
 * of frequencies in a block of any size, and the low half of each block, which is
 * the image at half its size, is in the same channels everywhere.
 *
 * Blocks that share one grid: J. Alakuijala et al., "JPEG XL next-generation
 * image compression architecture and coding tools", 2019.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { concat, tensor2d, tensor4d } from "@tensorflow/tfjs";

/** The size of a block, in cells. */
export interface BlockSize {
  /** Rows of cells. */
  readonly rows: number;
  /** Columns of cells. */
  readonly columns: number;
}

/** Sides of squares in cells; the largest is a superblock. */
export const SQUARES = [1, 2, 4, 8] as const;

/** Places in `SQUARES` of those that may be cut into halves. */
const HALVED = [1, 2] as const;

/**
 * All sizes of blocks: the squares, then of each square that may be cut its half
 * of all columns, which is wide, and its half of all rows, which is tall.
 */
export const BLOCK_SIZES: readonly BlockSize[] = [
  ...SQUARES.map((side) => ({ rows: side, columns: side })),
  ...HALVED.flatMap((square) => {
    const side = SQUARES[square];
    return [
      { rows: side / 2, columns: side },
      { rows: side, columns: side / 2 },
    ];
  }),
];

/**
 * Finds the halves of a square.
 *
 * @param square Its place in `SQUARES`.
 * @returns The places in `BLOCK_SIZES` of its wide and its tall half, or nothing
 * if it is not cut into halves.
 */
export function halvesOf(
  square: number,
): { readonly wide: number; readonly tall: number } | undefined {
  const place = HALVED.findIndex((halved) => halved === square);
  if (place < 0) return undefined;
  const wide = SQUARES.length + 2 * place;
  return { wide, tall: wide + 1 };
}

/**
 * How much of each square a size is, `[8][4]`: a half is one half each of the
 * square that it is cut from and of the next smaller one.
 */
export const SQUARE_SHARES: readonly (readonly number[])[] = BLOCK_SIZES.map(
  ({ rows, columns }) =>
    SQUARES.map((side) =>
      (rows === side ? 0.5 : 0) + (columns === side ? 0.5 : 0)
    ),
);

/** 1 for wide sizes, -1 for tall ones, 0 for squares. */
const ORIENTATIONS = BLOCK_SIZES.map(({ rows, columns }) =>
  Math.sign(columns - rows)
);

/**
 * Kinds of cells: each size has first cells, which hold the means of blocks,
 * and all but the smallest have others.
 */
export const CELL_KINDS: number = 2 * BLOCK_SIZES.length - 1;

/** Kinds of cells of squares. */
const SQUARE_KINDS = 2 * SQUARES.length - 1;

/**
 * What each kind of cell is to networks: how much of each kind of cell of a
 * square it is, and whether its block is wide or tall, `[15][8]`.
 */
export const KIND_PLANES: readonly (readonly number[])[] = Array.from(
  { length: CELL_KINDS },
  (_, kind) => {
    const isFirst = kind < BLOCK_SIZES.length;
    const size = isFirst ? kind : kind - BLOCK_SIZES.length + 1;
    const shares = SQUARE_SHARES[size]!;
    const none = (count: number) => Array<number>(count).fill(0);
    return [
      ...isFirst
        ? [...shares, ...none(SQUARES.length - 1)]
        // Squares of one cell have no others: those of two take their share.
        : [
          ...none(SQUARES.length),
          shares[0]! + shares[1]!,
          ...shares.slice(2),
        ],
      ORIENTATIONS[size]!,
    ];
  },
);

/** Planes that tell networks about the blocks; see {@linkcode cellPlanes}. */
export const CELL_PLANES: number = SQUARE_KINDS + 3;

/**
 * The kind of each cell, one-hot: first cells of blocks of each size, then others
 * of all sizes but the smallest.
 *
 * @param sizes One-hot sizes, `[n, h, w, 8]`; h and w are multiples of 8.
 * @returns `[n, h, w, 15]`.
 */
export function cellKinds(sizes: Tensor4D): Tensor4D {
  const [, rows, columns] = sizes.shape;
  const first = positions(
    rows,
    columns,
    (y, x, size) => y % size.rows === 0 && x % size.columns === 0 ? 1 : 0,
  );
  const isFirst = sizes.mul(first) as Tensor4D;
  const isOther = sizes.sub(isFirst)
    .slice([0, 0, 0, 1], [-1, -1, -1, BLOCK_SIZES.length - 1]) as Tensor4D;
  return concat([isFirst, isOther], 3);
}

/**
 * What the networks are told about a cell: its kind as in `KIND_PLANES`, and the
 * place of its coefficients within their band, vertical and horizontal, in 0..1.
 *
 * @param sizes One-hot sizes, `[n, h, w, 8]`; h and w are multiples of 8.
 * @returns `[n, h, w, 10]`.
 */
export function cellPlanes(sizes: Tensor4D): Tensor4D {
  const [, rows, columns] = sizes.shape;
  const within = (
    place: (y: number, x: number, size: BlockSize) => number,
  ) => sizes.mul(positions(rows, columns, place)).sum(3, true) as Tensor4D;
  return concat([
    times(cellKinds(sizes), KIND_PLANES),
    within((y, _, size) => (y % size.rows) / size.rows),
    within((_, x, size) => (x % size.columns) / size.columns),
  ], 3);
}

/**
 * The share of each square in squares of cells.
 *
 * @param sizes One-hot sizes, `[n, h, w, 8]`.
 * @param side Side of the squares in cells; h and w are multiples of it.
 * @returns `[n, h / side, w / side, 4]`.
 */
export function squareShares(sizes: Tensor4D, side: number): Tensor4D {
  return times(sizes.avgPool(side, side, "valid"), SQUARE_SHARES);
}

/** Multiplies the last axis by a constant matrix. */
function times(x: Tensor4D, matrix: readonly (readonly number[])[]): Tensor4D {
  const [n, rows, columns, from] = x.shape;
  return x.reshape([-1, from])
    .matMul(tensor2d(matrix.map((row) => [...row])))
    .reshape([n, rows, columns, matrix[0]!.length]);
}

/** A constant of each size, `[1, rows, columns, 8]`. */
function positions(
  rows: number,
  columns: number,
  make: (y: number, x: number, size: BlockSize) => number,
): Tensor4D {
  const count = BLOCK_SIZES.length;
  const all = Float32Array.from({ length: rows * columns * count }, (_, i) => {
    const cell = Math.floor(i / count);
    const size = BLOCK_SIZES[i % count]!;
    return make(Math.floor(cell / columns), cell % columns, size);
  });
  return tensor4d(all, [1, rows, columns, count]);
}
