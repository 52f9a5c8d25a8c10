/**
 * Linear algebra that TensorFlow has and tfjs does not offer.
 *
 * @module
 */

import type { Tensor2D } from "@tensorflow/tfjs";
import { AttributeType } from "@/tensorflow/ffi/attributes.ts";
import { backend } from "./tf.ts";

/**
 * Computes the eigenvectors of a symmetric matrix by TensorFlow's
 * `SelfAdjointEigV2`.
 *
 * @param matrix `[n, n]`, symmetric; only the lower triangle is read.
 * @returns `[n, n]`: orthonormal columns, by growing eigenvalue.
 * @throws {TensorFlowError} If the matrix is not square.
 */
export function eigenvectors(matrix: Tensor2D): Tensor2D {
  const compute = {
    name: "compute_v",
    type: AttributeType.BOOL,
    value: true,
  };
  const [values, vectors] = backend.executeMultipleOutputs(
    "SelfAdjointEigV2",
    [compute],
    [matrix],
    2,
  );
  values!.dispose();
  return vectors as Tensor2D;
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
  const adjoint = {
    name: "adjoint",
    type: AttributeType.BOOL,
    value: false,
  };
  const [solution] = backend.executeMultipleOutputs(
    "MatrixSolve",
    [adjoint],
    [matrix, targets],
    1,
  );
  return solution as Tensor2D;
}
