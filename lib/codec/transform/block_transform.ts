/**
 * The transform: an orthonormal change of colours and an orthonormal DCT of each
 * block, whatever its size, so that an error of the coefficients is
 * an error of the pixels.
 *
 *     pixels ▶ 3 planes of colour ▶ DCT of all blocks of a size ▶ cells
 *
 * @module
 */

import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs";
import {
  addN,
  customGrad,
  gather,
  matMul,
  type Tensor,
  tensor1d,
  tensor2d,
} from "@tensorflow/tfjs";
import { BLOCK } from "@/codec/format/tiles.ts";
import { COLOURS, cosine, GROUPS } from "./colour_dct.ts";
import { BLOCK_SIZES, type BlockSize } from "./block_sizes.ts";

/**
 * Pixels to three planes of colour: brightness, red to blue, green to purple.
 *
 * @param pixels `[n, height, width, 3]`, centred on 0.
 * @returns `[n, 3, height, width]`.
 */
export function toPlanes(pixels: Tensor4D): Tensor4D {
  const [n, height, width] = pixels.shape;
  return pixels.reshape([-1, 3]).matMul(colours(), false, true)
    .reshape([n, height, width, 3]).transpose([0, 3, 1, 2]);
}

/**
 * The coefficients of an image that is cut into blocks of one size.
 *
 * @param planes `[n, 3, height, width]`; sides are multiples of the block's.
 * @param size Of the blocks.
 * @param side Side of a cell in pixels: 8, or 4 in the medium image.
 * @returns `[n, height / side, width / side, 3 * side²]`: of each cell the three
 * colours, each in rows of vertical frequency.
 */
export function planesToCells(
  planes: Tensor4D,
  size: BlockSize,
  side: number = BLOCK,
): Tensor4D {
  const [n, axes, height, width] = planes.shape;
  const [down, across] = cosinesOf(size, side);
  const [tall, wide] = [size.rows * side, size.columns * side];
  const rows = planes.reshape([-1, wide]).matMul(across, false, true);
  return multiplyEach(down, rows, [n * axes * height / tall, tall, width])
    .reshape([n, axes, height / side, side, width / side, side])
    .transpose([0, 2, 4, 1, 3, 5])
    .reshape([n, height / side, width / side, axes * side * side]);
}

/**
 * Inverts {@linkcode planesToCells}.
 *
 * @param coefficients `[n, h, w, 3 * side²]`.
 * @param size Of the blocks.
 * @param side Side of a cell in pixels: 8, or 4 in the medium image.
 * @returns `[n, 3, side * h, side * w]`.
 */
export function cellsToPlanes(
  coefficients: Tensor4D,
  size: BlockSize,
  side: number = BLOCK,
): Tensor4D {
  const [n, h, w] = coefficients.shape;
  const [down, across] = cosinesOf(size, side);
  const [tall, wide] = [size.rows * side, size.columns * side];
  const apart = coefficients.reshape([n, h, w, 3, side, side])
    .transpose([0, 3, 1, 4, 2, 5]);
  const shape = [n * 3 * h / size.rows, tall, w * side] as const;
  return multiplyEach(down.transpose(), apart, shape)
    .reshape([-1, wide]).matMul(across)
    .reshape([n, 3, h * side, w * side]);
}

/**
 * The coefficients of blocks of mixed sizes to those of blocks of one cell:
 * what an 8x8 DCT of the image that they stand for gives.
 *
 * @param coefficients `[n, h, w, 3 * side²]`, in the order of
 * {@linkcode planesToCells}.
 * @param sizes One-hot sizes, `[n, h, w, 8]`.
 * @param side Side of a cell in pixels: 8, or 4 in the medium image.
 * @returns Of the same shape.
 */
export function mixedToCells(
  coefficients: Tensor4D,
  sizes: Tensor4D,
  side: number = BLOCK,
): Tensor4D {
  const ofSize = (i: number) =>
    coefficients.mul(sizes.slice([0, 0, 0, i], [-1, -1, -1, 1])) as Tensor4D;
  const [cell, ...larger] = BLOCK_SIZES;
  const planes = larger.map((size, i) =>
    cellsToPlanes(ofSize(i + 1), size, side)
  );
  return planesToCells(addN(planes), cell!, side).add(ofSize(0));
}

/**
 * The place of each channel in a cell: colour, v, u.
 *
 * @param side 8, or 4 for the channels of the medium image.
 * @returns One place per channel.
 */
export function channelOrder(side: number): number[] {
  return GROUPS.flat().filter(({ v, u }) => v < side && u < side)
    .map(({ axis, v, u }) => (axis * side + v) * side + u);
}

/**
 * Cells to channels in the order in which they are coded.
 *
 * @param cells `[n, h, w, 3 * side²]`, from {@linkcode planesToCells}.
 * @param side 8, or 4 for the channels of the medium image.
 * @returns Of the same shape.
 */
export function toChannels(cells: Tensor4D, side: number = BLOCK): Tensor4D {
  return permute(cells, channelOrder(side));
}

/**
 * Inverts {@linkcode toChannels}.
 *
 * @param channels `[n, h, w, 3 * side²]`.
 * @param side 8, or 4 for the channels of the medium image.
 * @returns Of the same shape.
 */
export function toCells(channels: Tensor4D, side: number = BLOCK): Tensor4D {
  return permute(channels, inverse(channelOrder(side)));
}

/** Reorders the last axis; the gradient is the opposite order. */
function permute(x: Tensor4D, order: readonly number[]): Tensor4D {
  // Rows of channels are moved at once; single numbers took twice as long.
  const take = (x: Tensor, order: readonly number[]) =>
    gather(
      x.reshape([-1, order.length]).transpose(),
      tensor1d([...order], "int32"),
    ).transpose().reshape(x.shape);
  const op = customGrad((x) => ({
    value: take(x as Tensor, order),
    gradFunc: (dy: Tensor) => take(dy, inverse(order)),
  }));
  return op(x) as Tensor4D;
}

function inverse(order: readonly number[]): number[] {
  const places = Array<number>(order.length);
  order.forEach((from, to) => places[from] = to);
  return places;
}

/** `matrix · x[i]` for each i of x in the shape given. */
function multiplyEach(
  matrix: Tensor2D,
  x: Tensor,
  shape: readonly [number, number, number],
): Tensor {
  return matMul(
    matrix.reshape([1, ...matrix.shape]),
    x.reshape([...shape]),
  );
}

/** The cosines of a block's rows, and of its columns. */
function cosinesOf(
  { rows, columns }: BlockSize,
  side: number,
): [Tensor2D, Tensor2D] {
  const down = cosines(rows * side, side);
  return [down, rows === columns ? down : cosines(columns * side, side)];
}

/**
 * An orthonormal DCT whose rows are in the order of cells: frequency v is in
 * cell `v mod k` of k, at place `⌊v / k⌋` there.
 */
function cosines(block: number, side: number): Tensor2D {
  const cells = block / side;
  const values = Float32Array.from({ length: block * block }, (_, i) => {
    const row = Math.floor(i / block);
    const frequency = (row % side) * cells + Math.floor(row / side);
    return cosine(block, frequency, i % block);
  });
  return tensor2d(values, [block, block]);
}

function colours(): Tensor2D {
  return tensor2d(COLOURS.map((row) => [...row]), [3, 3]);
}
