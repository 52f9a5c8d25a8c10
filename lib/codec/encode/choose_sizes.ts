/**
 * The encoder's choice of block sizes, by an estimate of rate and distortion
 * that needs no entropy coder.
 *
 * For a coefficient of a steps, a squared error of at most min(a², 0.6) remains,
 * and it takes about 2 log₂(1 + 2a) bits. Compared with a choice by adaptive
 * tables, on four photos, this costs 0.8 % of the sum of both.
 *
 * G. Sullivan and R. Baker, "Efficient Quadtree Coding of Images and Video",
 * 1994, choose a quadtree from the bottom up.
 *
 * @module
 */

import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs";
import { addN, avgPool, concat, image, sub } from "@tensorflow/tfjs";
import { BLOCK_CELLS } from "@/codec/transform/block_sizes.ts";
import { planesToCells } from "@/codec/transform/block_transform.ts";

/** Maximum squared error of a coefficient, in squared steps. */
const MAX_ERROR = 0.6;

/** Bits of a coefficient of a steps: this times log2(1 + 2a). */
const BITS_PER_OCTAVE = 2;

/** Bits of a decision whether to split. */
const SPLIT_BITS = 0.5;

/** Squared steps that a bit is worth: `3 / λ` for the step of `bestStep`. */
const BIT_COST = 3 * Math.LN2 / 18;

/** Blocks of the sizes that were chosen. */
export type ChosenBlocks = {
  /** Which size each cell's block has, one-hot, `[n, h, w, 4]`. */
  readonly sizes: Tensor4D;
  /** Coefficients, `[n, h, w, 192]`, in the order of `planesToCells`. */
  readonly cells: Tensor4D;
};

/**
 * Chooses the sizes of an image's blocks.
 *
 * @param planes `[n, 3, height, width]` from `toPlanes`, of values in
 * -127.5..127.5; sides are multiples of 64.
 * @param steps The quantiser's step for each image, `[n]`.
 * @param lean How much of the cost of its four parts a block may have; below 1
 * it leans to small blocks.
 * @returns The sizes, and the coefficients of the blocks.
 */
export function chooseSizes(
  planes: Tensor4D,
  steps: Tensor1D,
  lean: number = 1,
): ChosenBlocks {
  const inverse = steps.reciprocal().reshape([-1, 1, 1, 1]);
  const all = BLOCK_CELLS.map((cells) => planesToCells(planes, cells));
  const costs = all.map((cells, i) =>
    sumOver(costOf(cells.abs().mul(inverse)), BLOCK_CELLS[i]!)
  );
  const keep: Tensor4D[] = [];
  let best = costs[0]!;
  for (const cost of costs.slice(1)) {
    const split = sumOver(best, 2).add(BIT_COST * SPLIT_BITS) as Tensor4D;
    keep.push(cost.less(split.mul(lean)).toFloat() as Tensor4D);
    best = cost.minimum(split) as Tensor4D;
  }
  const [, rows, columns] = all[0]!.shape;
  const sizes: Tensor4D[] = [];
  let left: Tensor | undefined;
  for (const isKept of keep.reverse()) {
    const here = image.resizeNearestNeighbor(isKept, [rows, columns]);
    sizes.unshift(left === undefined ? here : here.mul(left));
    left = left === undefined ? sub(1, here) : left.mul(sub(1, here));
  }
  sizes.unshift(left as Tensor4D);
  const chosen = all.map((cells, i) => cells.mul(sizes[i]!));
  return { sizes: concat(sizes, 3), cells: addN(chosen) as Tensor4D };
}

/** Costs of coefficients of some steps, `[n, h, w, 1]`, in squared steps. */
function costOf(steps: Tensor): Tensor4D {
  const bits = steps.mul(2).add(1).log().mul(BITS_PER_OCTAVE / Math.LN2);
  return steps.square().minimum(MAX_ERROR).add(bits.mul(BIT_COST))
    .sum(3, true);
}

/** Sums over squares of cells. */
function sumOver(x: Tensor4D, cells: number): Tensor4D {
  return cells === 1 ? x : avgPool(x, cells, cells, "valid").mul(cells ** 2);
}
