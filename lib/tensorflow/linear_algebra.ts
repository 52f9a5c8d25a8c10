/**
 * Linear algebra that TensorFlow has and tfjs does not offer.
 *
 * @module
 */

import type { Tensor2D } from "@tensorflow/tfjs";
import { AttributeType } from "./attributes.ts";
import { backend } from "./tf.ts";

/**
 * Eigenvectors of a symmetric matrix, by TensorFlow's `SelfAdjointEigV2`.
 *
 * @param matrix `[n, n]`, symmetric; the lower triangle counts.
 * @returns `[n, n]`: orthonormal columns, by growing eigenvalue.
 * @throws {TensorFlowError} When the matrix is not square.
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
