/**
 * Kernels that tfjs-node lacks and TensorFlow has an op for: sparse and ragged
 * tensors, random numbers that follow from a seed tensor alone, and others.
 *
 * @module
 */

import { backend_util, cast, tidy } from "@tensorflow/tfjs";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs";
import { addKernel, type KernelCall } from "./register.ts";
import { addOp, runOp, scratch } from "./run_op.ts";

/** Registers the kernels of this file. */
export function registerMoreOps(): void {
  addOp("BitwiseAnd", ["a", "b"], () => ({ types: { T: "int32" } }));
  addOp("SearchSorted", ["sortedSequence", "values"], (call) => ({
    op: call.attrs["side"] === "left" ? "LowerBound" : "UpperBound",
    types: { T: call.dtypeOf("values"), out_type: "int32" },
  }));
  addKernel("DenseBincount", denseBincount);
  addKernel("Transform", transform);
  addKernel("MaxPoolWithArgmax", maxPoolWithArgmax);
  for (const name of ["StatelessRandomNormal", "StatelessRandomUniform"]) {
    addKernel(name, (call) => statelessRandom(name, call));
  }
  registerSparse();
  registerRagged();
}

function denseBincount({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { x, weights } = inputs;
  using size = scratch(backend, Int32Array.of(attrs["size"] as number), []);
  return runOp(backend, "DenseBincount", {
    inputs: [x!, size, weights!],
    types: { Tidx: "int32", T: weights!.dtype },
    bools: { binary_output: attrs["binaryOutput"] as boolean },
  })[0]!;
}

function transform({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { image, transforms } = inputs;
  const size = attrs["outputShape"] as number[] | undefined ??
    image!.shape.slice(1, 3);
  const filled = Float32Array.of(attrs["fillValue"] as number);
  using shape = scratch(backend, Int32Array.from(size));
  using fill = scratch(backend, filled, []);
  return runOp(backend, "ImageProjectiveTransformV3", {
    inputs: [image!, transforms!, shape, fill],
    types: { dtype: image!.dtype },
    strings: {
      interpolation: (attrs["interpolation"] as string).toUpperCase(),
      fill_mode: (attrs["fillMode"] as string).toUpperCase(),
    },
  })[0]!;
}

function maxPoolWithArgmax(
  { inputs, attrs, backend }: KernelCall,
): TensorInfo[] {
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
    bools: { include_batch_in_index: attrs["includeBatchInIndex"] as boolean },
    types: { Targmax: "int64", T: x.dtype },
  });
}

function statelessRandom(
  name: string,
  { inputs, attrs, backend }: KernelCall,
): TensorInfo {
  using shape = scratch(backend, Int32Array.from(attrs["shape"] as number[]));
  return runOp(backend, name, {
    inputs: [shape, inputs["seed"]!],
    types: { T: "int32", Tseed: "int32", dtype: "float32" },
  })[0]!;
}

function registerSparse(): void {
  addOp(
    "SparseFillEmptyRows",
    ["indices", "values", "denseShape", "defaultValue"],
    ({ dtypeOf }) => ({
      int64: [0, 2],
      outputs: 4,
      types: { T: dtypeOf("values") },
    }),
  );
  addOp(
    "SparseReshape",
    ["inputIndices", "inputShape", "newShape"],
    () => ({ int64: [0, 1, 2], outputs: 2 }),
  );
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

function registerRagged(): void {
  addOp(
    "RaggedGather",
    ["paramsNestedSplits", "paramsDenseValues", "indices"],
    ({ inputs, attrs, dtypeOf }) => {
      const splits = inputs["paramsNestedSplits"] as unknown as TensorInfo[];
      const rank = attrs["outputRaggedRank"] as number;
      return {
        outputs: rank + 1,
        types: {
          Tvalues: dtypeOf("paramsDenseValues"),
          Tindices: "int32",
          Tsplits: "int32",
        },
        ints: {
          PARAMS_RAGGED_RANK: splits.length,
          OUTPUT_RAGGED_RANK: rank,
        },
      };
    },
  );
  addOp("RaggedRange", ["starts", "limits", "deltas"], ({ dtypeOf }) => ({
    outputs: 2,
    types: { T: dtypeOf("starts"), Tsplits: "int32" },
  }));
  addOp(
    "RaggedTensorToTensor",
    ["shape", "values", "defaultValue", "rowPartitionTensors"],
    ({ inputs, attrs, dtypeOf }) => {
      const rows = inputs["rowPartitionTensors"] as unknown as TensorInfo[];
      return {
        types: { T: dtypeOf("values"), Tindex: "int32", Tshape: "int32" },
        ints: { num_row_partition_tensors: rows.length },
        strings: {
          row_partition_types: attrs["rowPartitionTypes"] as string[],
        },
      };
    },
  );
}
