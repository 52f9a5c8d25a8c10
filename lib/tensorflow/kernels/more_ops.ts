/**
 * Kernels that tfjs-node lacks and TensorFlow has an op for.
 *
 * @module
 */

import { backend_util } from "@tensorflow/tfjs";
import { addKernel } from "./register.ts";
import { runOp } from "./run_op.ts";

/** Registers the kernels of this file. */
export function registerMoreOps(): void {
  addKernel(
    "BitwiseAnd",
    ({ inputs, backend }) =>
      runOp(backend, "BitwiseAnd", {
        inputs: [inputs["a"]!, inputs["b"]!],
        types: { T: "int32" },
      })[0]!,
  );
  addKernel(
    "SearchSorted",
    ({ inputs, attrs, backend }) =>
      runOp(backend, attrs["side"] === "left" ? "LowerBound" : "UpperBound", {
        inputs: [inputs["sortedSequence"]!, inputs["values"]!],
        types: { T: inputs["values"]!.dtype, out_type: "int32" },
      })[0]!,
  );
  addKernel("DenseBincount", ({ inputs, attrs, backend }) => {
    const { x, weights } = inputs;
    const dataId = backend.write(
      Int32Array.of(attrs["size"] as number),
      [],
      "int32",
    );
    try {
      return runOp(backend, "DenseBincount", {
        inputs: [x!, { dataId, shape: [], dtype: "int32" }, weights!],
        types: { Tidx: "int32", T: weights!.dtype },
        bools: { binary_output: attrs["binaryOutput"] as boolean },
      })[0]!;
    } finally {
      backend.disposeData(dataId);
    }
  });
  addKernel("Transform", ({ inputs, attrs, backend }) => {
    const { image, transforms } = inputs;
    const size = attrs["outputShape"] as number[] | undefined ??
      image!.shape.slice(1, 3);
    const shape = backend.write(Int32Array.from(size), [2], "int32");
    const fill = backend.write(
      Float32Array.of(attrs["fillValue"] as number),
      [],
      "float32",
    );
    try {
      return runOp(backend, "ImageProjectiveTransformV3", {
        inputs: [
          image!,
          transforms!,
          { dataId: shape, shape: [2], dtype: "int32" },
          { dataId: fill, shape: [], dtype: "float32" },
        ],
        types: { dtype: image!.dtype },
        strings: {
          interpolation: (attrs["interpolation"] as string).toUpperCase(),
          fill_mode: (attrs["fillMode"] as string).toUpperCase(),
        },
      })[0]!;
    } finally {
      backend.disposeData(shape);
      backend.disposeData(fill);
    }
  });
  addKernel("MaxPoolWithArgmax", ({ inputs, attrs, backend }) => {
    const x = inputs["x"]!;
    const info = backend_util.computePool2DInfo(
      x.shape as [number, number, number, number],
      attrs["filterSize"] as [number, number],
      attrs["strides"] as [number, number],
      [1, 1],
      attrs["pad"] as "valid" | "same" | number,
    );
    return runOp(backend, "MaxPoolWithArgmax", {
      inputs: [x],
      outputs: 2,
      ints: {
        ksize: [1, info.filterHeight, info.filterWidth, 1],
        strides: [1, info.strideHeight, info.strideWidth, 1],
      },
      strings: { padding: info.padInfo.type },
      bools: {
        include_batch_in_index: attrs["includeBatchInIndex"] as boolean,
      },
      types: { Targmax: "int64", T: x.dtype },
    });
  });
}
