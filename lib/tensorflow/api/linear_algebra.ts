/**
 * Linear algebra that TensorFlow has and tfjs does not offer.
 *
 * @module
 */

import type { Tensor2D } from "@tensorflow/tfjs";
import { matrixSolve } from "@/tensorflow/kernels/linear_algebra.ts";
import { engine } from "./tf.ts";

/**
 * Computes the eigenvectors of a symmetric matrix by TensorFlow's
 * `SelfAdjointEigV2`. Their gradients are finite, but have no meaning where
 * eigenvalues are equal.
 *
 * @param matrix `[n, n]`, symmetric; only the lower triangle is read.
 * @returns `[n, n]`: orthonormal columns, by growing eigenvalue.
 * @throws {TensorFlowError} If the matrix is not square.
 */
export function eigenvectors(matrix: Tensor2D): Tensor2D {
  const [values, vectors] = engine()
    .runKernel<Tensor2D[]>("SelfAdjointEigV2", { matrix });
  values!.dispose();
  return vectors!;
}

/**
 * Solves `matrix · x = targets` by TensorFlow's `MatrixSolve`.
 *
 * @param matrix `[n, n]`, invertible.
 * @param targets `[n, k]`.
 * @returns `x`, `[n, k]`.
 * @throws {TensorFlowError} If the matrix is not square or not invertible.
 */
export function solve(matrix: Tensor2D, targets: Tensor2D): Tensor2D {
  return matrixSolve(matrix, targets) as Tensor2D;
}
