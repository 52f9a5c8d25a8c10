/**
 * Sparse tensors, which tfjs-node lacks, on TensorFlow's own ops.
 *
 * @module
 */

import { cast, tidy } from "@tensorflow/tfjs";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs";
import { addKernel, type KernelCall } from "./register.ts";
import { runOp } from "./run_op.ts";

/** Registers the kernels of this file. */
export function registerSparse(): void {
  addKernel("SparseFillEmptyRows", ({ inputs, backend }) => {
    const { indices, values, denseShape, defaultValue } = inputs;
    return runOp(backend, "SparseFillEmptyRows", {
      inputs: [indices!, values!, denseShape!, defaultValue!],
      int64: [0, 2],
      outputs: 4,
      types: { T: values!.dtype },
    });
  });
  addKernel("SparseReshape", ({ inputs, backend }) => {
    const { inputIndices, inputShape, newShape } = inputs;
    return runOp(backend, "SparseReshape", {
      inputs: [inputIndices!, inputShape!, newShape!],
      int64: [0, 1, 2],
      outputs: 2,
    });
  });
  const segments = (name: string, data: TensorInfo, call: KernelCall) =>
    runOp(call.backend, name, {
      inputs: [data, call.inputs["indices"]!, call.inputs["segmentIds"]!],
      types: { T: data.dtype, Tidx: "int32", Tsegmentids: "int32" },
    })[0]!;
  addKernel(
    "SparseSegmentSum",
    (call) => segments("SparseSegmentSum", call.inputs["data"]!, call),
  );
  addKernel("SparseSegmentMean", (call) => {
    const data = call.inputs["data"] as Tensor;
    if (data.dtype !== "int32") {
      return segments("SparseSegmentMean", data, call);
    }
    return tidy(() => { // TensorFlow has no mean of integers.
      const floats = cast(data, "float32");
      const mean = segments("SparseSegmentMean", floats, call) as Tensor;
      return cast(mean, "int32");
    });
  });
}
