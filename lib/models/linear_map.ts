/**
 * How well a linear map predicts one code from another: the map itself, the
 * variance that it explains, and the similarity of the two codes.
 *
 *     rows x [n, p], y [n, q] ▶ sums of products ▶ map W, b with x W + b ≈ y
 *                                                ▶ R² of the map
 *                                                ▶ linear CKA of x and y
 *
 * @module
 */

import { solve, tf, tidyValues } from "@/tensorflow/mod.ts";

/** An affine map, `x W + b`; disposing it frees its tensors. */
export interface LinearMap extends Disposable {
  /** W, `[p, q]`. */
  readonly weights: tf.Tensor2D;
  /** b, `[q]`. */
  readonly bias: tf.Tensor1D;
}

/**
 * Joins the parts of a linear map.
 *
 * @param weights W, `[p, q]`.
 * @param bias b, `[q]`.
 * @returns The map, which owns both.
 */
export function linearMap(weights: tf.Tensor2D, bias: tf.Tensor1D): LinearMap {
  const dispose = () => tf.dispose([weights, bias]);
  return { weights, bias, [Symbol.dispose]: dispose };
}

/** Means and covariances of pairs of rows, gathered batch by batch. */
export class CrossMoments {
  readonly #p: number;
  readonly #q: number;
  readonly #products: Float64Array;
  #rows = 0;

  /**
   * Starts with no rows.
   *
   * @param p Numbers per row of x.
   * @param q Numbers per row of y.
   */
  constructor(p: number, q: number) {
    this.#p = p;
    this.#q = q;
    this.#products = new Float64Array((p + q + 1) ** 2);
  }

  /**
   * Adds rows.
   *
   * @param x `[n, p]`; any leading shape is laid flat.
   * @param y `[n, q]`.
   */
  add(x: tf.Tensor, y: tf.Tensor): void {
    const sums = tidyValues(() => {
      const rows = x.size / this.#p;
      const all = tf.concat([
        x.reshape([rows, this.#p]),
        y.reshape([rows, this.#q]),
        tf.ones([rows, 1]),
      ], 1);
      this.#rows += rows;
      return all.matMul(all, true);
    });
    sums.forEach((sum, i) => this.#products[i]! += sum);
  }

  /** The mean of column `i` of `[x, y]`. */
  #mean(i: number): number {
    const width = this.#p + this.#q + 1;
    return this.#products[i * width + width - 1]! / this.#rows;
  }

  /** The covariance of two columns of `[x, y]`. */
  #covariance(i: number, j: number): number {
    const width = this.#p + this.#q + 1;
    return this.#products[i * width + j]! / this.#rows -
      this.#mean(i) * this.#mean(j);
  }

  #block(from: [number, number], size: [number, number]): number[][] {
    return Array.from(
      { length: size[0] },
      (_, i) =>
        Array.from(
          { length: size[1] },
          (_, j) => this.#covariance(from[0] + i, from[1] + j),
        ),
    );
  }

  /**
   * Fits the least-squares map from x to y.
   *
   * @param ridge Added to the variances of x, as a fraction of their mean:
   * keeps the map finite if a channel of x never changes.
   * @returns The map.
   */
  map(ridge = 1e-6): LinearMap {
    const [p, q] = [this.#p, this.#q];
    const xx = this.#block([0, 0], [p, p]);
    const trace = xx.reduce((sum, row, i) => sum + row[i]!, 0);
    xx.forEach((row, i) => row[i]! += ridge * trace / p);
    const means = Array.from({ length: p + q }, (_, i) => this.#mean(i));
    const parts = tf.tidy(() => {
      const weights = solve(
        tf.tensor2d(xx, [p, p]),
        tf.tensor2d(this.#block([0, p], [p, q]), [p, q]),
      );
      const meanX = tf.tensor2d([means.slice(0, p)]);
      const bias = tf.tensor1d(means.slice(p))
        .sub(meanX.matMul(weights).reshape([q])) as tf.Tensor1D;
      return { weights, bias };
    });
    return linearMap(parts.weights, parts.bias);
  }

  /**
   * Computes the fraction of y's variance that a map explains.
   *
   * @param map A map from x to y.
   * @returns 1 for all of it, 0 for no more than the mean explains, negative
   * for a map that is worse than the mean.
   */
  explained({ weights, bias }: LinearMap): number {
    const [p, q] = [this.#p, this.#q];
    const w = weights.arraySync(), b = bias.arraySync();
    let residual = 0, total = 0;
    for (let k = 0; k < q; k++) {
      let variance = this.#covariance(p + k, p + k);
      let offset = this.#mean(p + k) - b[k]!;
      total += variance;
      for (let i = 0; i < p; i++) {
        variance -= 2 * w[i]![k]! * this.#covariance(i, p + k);
        offset -= w[i]![k]! * this.#mean(i);
        for (let j = 0; j < p; j++) {
          variance += w[i]![k]! * w[j]![k]! * this.#covariance(i, j);
        }
      }
      residual += variance + offset ** 2;
    }
    return 1 - residual / total;
  }

  /**
   * Computes the correlations of x's columns with y's columns.
   *
   * @returns `[p][q]`; 0 for a column that never changes.
   */
  correlations(): number[][] {
    const deviation = (i: number) => Math.sqrt(this.#covariance(i, i));
    return this.#block([0, this.#p], [this.#p, this.#q]).map((row, i) =>
      row.map((covariance, k) => {
        const scale = deviation(i) * deviation(this.#p + k);
        return scale > 0 ? covariance / scale : 0;
      })
    );
  }

  /**
   * Computes the linear centred kernel alignment of x and y.
   *
   * S. Kornblith et al., "Similarity of Neural Network Representations
   * Revisited", 2019, equation 5.
   *
   * @returns 1 for codes that are equal up to a rotation and a scale, 0 for
   * codes that have nothing in common.
   */
  cka(): number {
    const [p, q] = [this.#p, this.#q];
    const square = (block: number[][]) =>
      block.flat().reduce((sum, value) => sum + value ** 2, 0);
    const xy = square(this.#block([0, p], [p, q]));
    const xx = square(this.#block([0, 0], [p, p]));
    const yy = square(this.#block([p, p], [q, q]));
    return xy / Math.sqrt(xx * yy);
  }
}

/**
 * Applies a linear map to each position of codes.
 *
 * @param map From `p` to `q` channels.
 * @param codes `[n, height, width, p]`.
 * @returns `[n, height, width, q]`.
 */
export function applyLinearMap(
  { weights, bias }: LinearMap,
  codes: tf.Tensor4D,
): tf.Tensor4D {
  const [n, height, width, channels] = codes.shape;
  return tf.tidy(() =>
    codes.reshape([-1, channels]).matMul(weights).add(bias)
      .reshape([n, height, width, weights.shape[1]])
  );
}

/**
 * Lays the 3x3 positions around each position of a code side by side, row by
 * row. A linear map of the result is a 3x3 convolution of the code.
 *
 * @param codes `[n, height, width, C]`.
 * @returns `[n, height, width, 9 * C]`; zeros beyond the border.
 *
 * @example
 * ```ts
 * import { neighbourhoods } from "@/models/mod.ts";
 * import { tf } from "@/tensorflow/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const codes = tf.tensor4d([5, 7], [1, 1, 2, 1]);
 * assertEquals(
 *   Array.from(neighbourhoods(codes).dataSync()),
 *   [0, 0, 0, 0, 5, 7, 0, 0, 0, 0, 0, 0, 5, 7, 0, 0, 0, 0],
 * );
 * ```
 */
export function neighbourhoods(codes: tf.Tensor4D): tf.Tensor4D {
  const [n, height, width, channels] = codes.shape;
  return tf.tidy(() => {
    const padded = tf.pad4d(codes, [[0, 0], [1, 1], [1, 1], [0, 0]]);
    const size = [n, height, width, channels] as const;
    const shifted = Array.from({ length: 9 }, (_, i) => {
      const [y, x] = [Math.floor(i / 3), i % 3];
      return tf.slice4d(padded, [0, y, x, 0], [...size]);
    });
    return tf.concat(shifted, 3);
  });
}
