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
import { addN, avgPool, concat, image, scalar } from "@tensorflow/tfjs";
import {
  BLOCK_SIZES,
  halvesOf,
  SQUARES,
} from "@/codec/transform/block_sizes.ts";
import { planesToCells } from "@/codec/transform/block_transform.ts";

/** Maximum squared error of a coefficient, in squared steps. */
const MAX_ERROR = 0.6;

/** Bits of a coefficient of a steps: this times log2(1 + 2a). */
const BITS_PER_OCTAVE = 2;

/** Bits of the decision that a square is four. */
const SPLIT_BITS = 0.5;

/** Bits of the decision that a square is two halves. */
const HALVE_BITS = 1.5;

/** Squared steps that a bit is worth: `3 / λ` for the step of `bestStep`. */
const BIT_COST = 3 * Math.LN2 / 18;

/** Blocks of the sizes that were chosen. */
export type ChosenBlocks = {
  /** Which size each cell's block has, one-hot, `[n, h, w, 8]`. */
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
 * @param lean How much of the cost of its parts a block may have; below 1 it
 * leans to small blocks.
 * @returns The sizes, and the coefficients of the blocks.
 */
export function chooseSizes(
  planes: Tensor4D,
  steps: Tensor1D,
  lean: number = 1,
): ChosenBlocks {
  const halfSteps = steps.div(2).reshape([-1, 1, 1, 1]);
  const inHalfSteps = planes.div(halfSteps) as Tensor4D;
  const all = BLOCK_SIZES.map((size) => planesToCells(inHalfSteps, size));
  const costs = all.map(costOf);
  // Sizes, from the largest, and where each is better than all that follow.
  const choices: { readonly size: number; readonly where: Tensor4D }[] = [];
  let best = costs[0]!;
  for (let square = 1; square < SQUARES.length; square++) {
    const costAs = (size: number) => sumOver(costs[size]!, SQUARES[square]!);
    let parts = sumOver(best, 2).add(BIT_COST * SPLIT_BITS) as Tensor4D;
    const isCheap = (cost: Tensor) =>
      cost.less(parts.mul(lean)).toFloat() as Tensor4D;
    const halves = halvesOf(square);
    if (halves !== undefined) {
      const wide = costAs(halves.wide), tall = costAs(halves.tall);
      const halved = wide.minimum(tall).add(BIT_COST * HALVE_BITS) as Tensor4D;
      const isTall = tall.less(wide).toFloat();
      choices.unshift(
        { size: halves.tall, where: isCheap(halved).mul(isTall) as Tensor4D },
        { size: halves.wide, where: isCheap(halved) },
      );
      parts = parts.minimum(halved) as Tensor4D;
    }
    const one = costAs(square);
    choices.unshift({ size: square, where: isCheap(one) });
    best = one.minimum(parts) as Tensor4D;
  }
  const [, rows, columns] = all[0]!.shape;
  const sizes: Tensor4D[] = [];
  let left: Tensor = scalar(1);
  for (const { size, where } of choices) {
    const here = image.resizeNearestNeighbor(where, [rows, columns]).mul(left);
    left = left.sub(here);
    sizes[size] = here as Tensor4D;
  }
  sizes[0] = left as Tensor4D;
  const chosen = all.map((cells, i) => cells.mul(sizes[i]!));
  const cells = addN(chosen).mul(halfSteps) as Tensor4D;
  return { sizes: concat(sizes, 3), cells };
}

/** Costs of coefficients in half steps, `[n, h, w, 1]`, in squared steps. */
function costOf(halfSteps: Tensor): Tensor4D {
  const errors = halfSteps.square().minimum(4 * MAX_ERROR).sum(3, true).div(4);
  const bits = halfSteps.abs().log1p().sum(3, true)
    .mul(BITS_PER_OCTAVE / Math.LN2);
  return errors.add(bits.mul(BIT_COST));
}

/** Sums over squares of cells. */
function sumOver(x: Tensor4D, cells: number): Tensor4D {
  return avgPool(x, cells, cells, "valid").mul(cells ** 2);
}
