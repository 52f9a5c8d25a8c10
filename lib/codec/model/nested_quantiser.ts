/**
 * A quantiser of two layers: the first codes in which coarse cell a latent
 * lies, the second in which fine cell of it. The fine index decides the coarse
 * one, so both together take no more bits than the fine index alone.
 *
 *     fine     … -4 -3 -2 -1  0  1  2  3  4 …
 *     coarse   …|  -1 |   0    |  1  |  2  …     2 fine cells in each, 3 in 0
 *
 * With r fine cells in a coarse one, cell 0 holds the 2 r - 1 fine ones around
 * the mean, and cell j > 0 those of r j .. r j + r - 1. W. Equitz and T. Cover,
 * "Successive Refinement of Information", 1991.
 *
 * @module
 */

import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { customGrad, minimum } from "@tensorflow/tfjs";
import { roundGiven, scaleOf } from "./rate_estimate.ts";

/**
 * Fine cells in a coarse one, for each group of the first layer, from the finest
 * first layer to the coarsest.
 */
export const COARSENESS: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [1, 2, 2],
  [2, 2, 2],
  [2, 4, 4],
];

/** What each coarseness means for the medium image beside the high one. */
export const MEDIUM_QUALITIES: readonly string[] = [
  "higher",
  "equal",
  "lower",
  "lowest",
];

/** The coarseness that makes both images about equally good. */
export const DEFAULT_COARSENESS = 1;

/**
 * Where a coarse cell's value lies after its first fine cell, in 1/16 of a fine
 * cell, for each fine cell beyond the first: a little towards 0 from the centre.
 */
export const COARSE_OFFSET = 6;

/**
 * The value that stands for a coarse cell; for its gradient see
 * {@linkcode roundGiven}.
 *
 * @param error The latents minus their means, in steps, `[n, h, w, c]`.
 * @param cells Fine cells in a coarse one, `[n, 1, 1, 1]`.
 * @returns In steps, of the shape of the errors.
 */
export function coarseValue(error: Tensor4D, cells: Tensor): Tensor4D {
  return roundGiven(error, (error) => {
    const { size, index } = coarseIndex(error, cells);
    const centre = size.add(cells.sub(1).mul(COARSE_OFFSET / 16));
    return error.sign().mul(centre).mul(minimum(index, 1));
  }) as Tensor4D;
}

/**
 * Bits of the coarse cells of latents with a logistic distribution.
 *
 * @param error The latents minus their means, in steps, `[n, h, w, c]`.
 * @param scale Binary logarithm of the standard deviation in steps.
 * @param cells Fine cells in a coarse one, `[n, 1, 1, 1]`.
 * @returns Bits, in the shape of the errors.
 */
export function coarseBits(
  error: Tensor4D,
  scale: Tensor,
  cells: Tensor,
): Tensor {
  const width = scaleOf(scale);
  const size = error.abs();
  const low = through(size, (size) => {
    const { size: from, index } = coarseIndex(size, cells);
    const isZero = minimum(index, 1).mul(-1).add(1);
    return from.sub(0.5).sub(isZero.mul(cells.sub(1)));
  });
  const high = through(
    size,
    (size) => coarseIndex(size, cells).size.add(cells).sub(0.5),
  );
  const share = low.neg().div(width).sigmoid()
    .sub(high.neg().div(width).sigmoid());
  return share.maximum(1e-9).log().mul(-1 / Math.LN2);
}

/** The index of a coarse cell, and where it begins, without a sign. */
function coarseIndex(
  error: Tensor,
  cells: Tensor,
): { index: Tensor; size: Tensor } {
  const index = error.abs().add(0.5).floor().div(cells).add(1e-4).floor();
  return { index, size: index.mul(cells) };
}

/** `f(x)`, whose gradient passes as if it were x. */
function through(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return customGrad((x) => ({
    value: f(x as Tensor),
    gradFunc: (dy: Tensor) => dy,
  }))(x);
}
