/**
 * How much of one code a linear map can tell of another: the map itself, the
 * variance that it explains, and the likeness of the two codes.
 *
 *     rows x [n, p], y [n, q] ▶ sums of products ▶ map W, b with x W + b ≈ y
 *                                                ▶ R² of the map
 *                                                ▶ linear CKA of x and y
 *
 * @module
 */

import { solve, tf } from "@/tensorflow/mod.ts";

/** `x W + b`. */
export interface LinearMap {
  /** W, `[p, q]`. */
  readonly weights: tf.Tensor2D;
  /** b, `[q]`. */
  readonly bias: tf.Tensor1D;
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
   * @param p Numbers a row of x.
   * @param q Numbers a row of y.
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
    const sums = tf.tidy(() => {
      const rows = x.size / this.#p;
      const all = tf.concat([
        x.reshape([rows, this.#p]),
        y.reshape([rows, this.#q]),
        tf.ones([rows, 1]),
      ], 1);
      this.#rows += rows;
      return all.matMul(all, true).dataSync();
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
   * The least-squares map from x to y.
   *
   * @param ridge Added to the variances of x, as a part of their mean: keeps
   * the map finite where x has a channel that never changes.
   */
  map(ridge = 1e-6): LinearMap {
    const [p, q] = [this.#p, this.#q];
    const xx = this.#block([0, 0], [p, p]);
    const trace = xx.reduce((sum, row, i) => sum + row[i]!, 0);
    xx.forEach((row, i) => row[i]! += ridge * trace / p);
    const means = Array.from({ length: p + q }, (_, i) => this.#mean(i));
    return tf.tidy(() => {
      const weights = solve(
        tf.tensor2d(xx, [p, p]),
        tf.tensor2d(this.#block([0, p], [p, q]), [p, q]),
      );
      const meanX = tf.tensor2d([means.slice(0, p)]);
      const bias = tf.tensor1d(means.slice(p))
        .sub(meanX.matMul(weights).reshape([q])) as tf.Tensor1D;
      return { weights, bias };
    });
  }

  /**
   * The part of y's variance that a map explains: 1 for all of it, 0 for no
   * more than the mean does, less for a map that is worse than the mean.
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
   * The correlations of x's columns with y's, `[p][q]`; 0 for a column that
   * never changes.
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
   * Linear centred kernel alignment: 1 for codes that are equal but for a
   * rotation and a scale, 0 for codes that have nothing in common.
   *
   * S. Kornblith et al., "Similarity of Neural Network Representations
   * Revisited", 2019, equation 5.
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

/** Maps codes `[…, p]` to `[…, q]`. */
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
