/**
 * Products of two matrices by the op for two matrices. tfjs-node runs that for
 * lists of matrices, and oneDNN takes up to twice as long for a list of one.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import { overrideKernel } from "./register.ts";
import { runOp } from "./run_op.ts";

/** Registers the kernel of this file. */
export function registerMatrixProducts(): void {
  overrideKernel("BatchMatMul", (call, standard) => {
    const { a, b } = call.inputs as Record<"a" | "b", Tensor>;
    const { shape } = a.shape.length < b.shape.length ? b : a;
    const lists = [a, b].flatMap(({ shape }) => shape.slice(0, -2));
    // Op by op, it takes longer to take them out of their lists.
    const single = currentGraph() === undefined
      ? lists.length === 0
      : lists.every((size) => size === 1);
    if (!single) return standard(call);
    const { transposeA, transposeB } = call.attrs as Record<string, boolean>;
    return tfjs.tidy(() => {
      const alone = (x: Tensor) =>
        x.shape.length === 2 ? x : x.reshape(x.shape.slice(-2));
      const [product] = runOp(call.backend, "MatMul", {
        inputs: [alone(a), alone(b)],
        bools: { transpose_a: transposeA!, transpose_b: transposeB! },
        types: { T: a.dtype },
      });
      if (shape.length === 2) return product as Tensor;
      return (product as Tensor)
        .reshape([...shape.slice(0, -2), ...product!.shape]);
    });
  });
}
