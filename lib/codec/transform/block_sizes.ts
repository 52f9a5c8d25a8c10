/**
 * Blocks of several sizes on one grid of cells of 8x8 pixels.
 *
 * A superblock of 64x64 pixels is one block, or four squares of which each is a
 * block or is split again, down to 8x8. A block of side 8k covers k x k cells.
 * Its coefficients lie interleaved in them: the coefficient (v, u) is in the
 * cell (v mod k, u mod k) of the block, in the channel of the frequency
 * (⌊v / k⌋, ⌊u / k⌋) of an 8x8 block. So a channel means the same band of
 * frequencies in a block of any size, and the low half of each block, which is
 * the image at half its size, is in the same channels everywhere.
 *
 * Blocks that share one grid: J. Alakuijala et al., "JPEG XL next-generation
 * image compression architecture and coding tools", 2019.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { concat, tensor4d } from "@tensorflow/tfjs";

/** Sides of blocks in cells; the largest is a superblock. */
export const BLOCK_CELLS = [1, 2, 4, 8] as const;

/**
 * Kinds of cells: each size has first cells, which hold the means of blocks,
 * and all but the smallest have others.
 */
export const CELL_KINDS: number = 2 * BLOCK_CELLS.length - 1;

/** Planes that tell networks about the blocks; see {@linkcode cellPlanes}. */
export const CELL_PLANES: number = CELL_KINDS + 2;

/**
 * The kind of each cell, one-hot: first cells of blocks of 1, 2, 4 and 8 cells,
 * then others of 2, 4 and 8.
 *
 * @param sizes One-hot sizes, `[n, h, w, 4]`; h and w are multiples of 8.
 * @returns `[n, h, w, 7]`.
 */
export function cellKinds(sizes: Tensor4D): Tensor4D {
  const [, rows, columns] = sizes.shape;
  const first = positions(
    rows,
    columns,
    BLOCK_CELLS,
    (y, x, cells) => y % cells === 0 && x % cells === 0 ? 1 : 0,
  );
  const isFirst = sizes.mul(first) as Tensor4D;
  const isOther = sizes.sub(isFirst)
    .slice([0, 0, 0, 1], [-1, -1, -1, BLOCK_CELLS.length - 1]) as Tensor4D;
  return concat([isFirst, isOther], 3);
}

/**
 * What the networks are told about a cell: its kind, and the place of its
 * coefficients within their band, vertical and horizontal, in 0..1.
 *
 * @param sizes One-hot sizes, `[n, h, w, 4]`; h and w are multiples of 8.
 * @returns `[n, h, w, 9]`.
 */
export function cellPlanes(sizes: Tensor4D): Tensor4D {
  const [, rows, columns] = sizes.shape;
  const within = (place: (y: number, x: number) => number) =>
    sizes.mul(
      positions(rows, columns, BLOCK_CELLS, (y, x, cells) =>
        (place(y, x) % cells) / cells),
    ).sum(3, true) as Tensor4D;
  return concat([
    cellKinds(sizes),
    within((y) => y),
    within((_, x) => x),
  ], 3);
}

/** A constant `[1, rows, columns, values.length]`. */
function positions(
  rows: number,
  columns: number,
  values: readonly number[],
  make: (y: number, x: number, value: number) => number,
): Tensor4D {
  const count = values.length;
  const all = Float32Array.from({ length: rows * columns * count }, (_, i) => {
    const cell = Math.floor(i / count);
    return make(Math.floor(cell / columns), cell % columns, values[i % count]!);
  });
  return tensor4d(all, [1, rows, columns, count]);
}
