/**
 * Linear systems and eigenvectors, which tfjs lacks, with their gradients.
 *
 * Source: `_MatrixSolveGrad` and `_SelfAdjointEigV2Grad` in
 * `tensorflow/python/ops/linalg_grad.py`.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import { addOp } from "./run_op.ts";

/** Registers the kernels and gradients of this file. */
export function registerLinearAlgebra(): void {
  addOp("MatrixSolve", ["matrix", "rhs"], ({ attrs }) => ({
    types: { T: "float32" },
    bools: { adjoint: attrs["adjoint"] as boolean },
  }));
  tfjs.registerGradient({
    kernelName: "MatrixSolve",
    inputsToSave: ["matrix"],
    outputsToSave: [true],
    gradFunc: (dy, [matrix, x], { adjoint }) => {
      const rhs = matrixSolve(matrix!, dy as Tensor, !adjoint);
      const [left, right] = adjoint ? [x!, rhs] : [rhs, x!];
      return {
        matrix: () => tfjs.matMul(left, right, false, true).neg(),
        rhs: () => rhs,
      };
    },
  });
  addOp("SelfAdjointEigV2", ["matrix"], () => ({
    types: { T: "float32" },
    bools: { compute_v: true },
    outputs: 2,
  }));
  tfjs.registerGradient({
    kernelName: "SelfAdjointEigV2",
    outputsToSave: [true, true],
    gradFunc: (dys, [values, vectors]) => ({
      matrix: () =>
        eigenGradient(values as Tensor1D, vectors as Tensor2D, dys as Tensor[]),
    }),
  });
}

/**
 * Solves `matrix · x = rhs`.
 *
 * @param matrix `[n, n]`, invertible.
 * @param rhs `[n, k]`.
 * @param adjoint Whether the matrix is transposed first.
 * @returns `x`, `[n, k]`.
 */
export function matrixSolve(
  matrix: Tensor,
  rhs: Tensor,
  adjoint = false,
): Tensor {
  const attributes = { adjoint };
  return tfjs.engine().runKernel("MatrixSolve", { matrix, rhs }, attributes);
}

/** The gradient with respect to the lower triangle, the part that is read. */
function eigenGradient(
  values: Tensor1D,
  vectors: Tensor2D,
  [dValues, dVectors]: readonly Tensor[],
): Tensor {
  const n = values.size;
  // [i, j]: 1 / (values[j] - values[i]), and 0 for equal ones.
  const gaps = values.reshape([1, n]).sub(values.reshape([n, 1]));
  const inverse = gaps.div(gaps.square().add(1e-20));
  const inner = tfjs.diag(dValues!)
    .add(inverse.mul(tfjs.matMul(vectors, dVectors as Tensor2D, true)));
  const full = tfjs.matMul(vectors, inner as Tensor2D)
    .matMul(vectors, false, true);
  const lower = tfjs.linalg.bandPart(tfjs.ones([n, n]), -1, 0);
  return full.add(full.transpose()).mul(lower.sub(tfjs.eye(n).div(2)));
}
