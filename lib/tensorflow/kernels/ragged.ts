/**
 * Ragged tensors, which tfjs-node lacks, on TensorFlow's own ops.
 *
 * @module
 */

import type { TensorInfo } from "@tensorflow/tfjs";
import { addKernel } from "./register.ts";
import { runOp } from "./run_op.ts";

interface RaggedGatherInputs {
  readonly paramsNestedSplits: readonly TensorInfo[];
  readonly paramsDenseValues: TensorInfo;
  readonly indices: TensorInfo;
}

interface RaggedTensorToTensorInputs {
  readonly shape: TensorInfo;
  readonly values: TensorInfo;
  readonly defaultValue: TensorInfo;
  readonly rowPartitionTensors: readonly TensorInfo[];
}

/** Registers the kernels of this file. */
export function registerRagged(): void {
  addKernel("RaggedGather", ({ inputs, attrs, backend }) => {
    const { paramsNestedSplits, paramsDenseValues, indices } =
      inputs as unknown as RaggedGatherInputs;
    const rank = attrs["outputRaggedRank"] as number;
    return runOp(backend, "RaggedGather", {
      inputs: [...paramsNestedSplits, paramsDenseValues, indices],
      outputs: rank + 1,
      types: {
        Tvalues: paramsDenseValues.dtype,
        Tindices: "int32",
        Tsplits: "int32",
      },
      ints: {
        PARAMS_RAGGED_RANK: paramsNestedSplits.length,
        OUTPUT_RAGGED_RANK: rank,
      },
    });
  });
  addKernel("RaggedRange", ({ inputs, backend }) => {
    const { starts, limits, deltas } = inputs;
    return runOp(backend, "RaggedRange", {
      inputs: [starts!, limits!, deltas!],
      outputs: 2,
      types: { T: starts!.dtype, Tsplits: "int32" },
    });
  });
  addKernel("RaggedTensorToTensor", ({ inputs, attrs, backend }) => {
    const { shape, values, defaultValue, rowPartitionTensors } =
      inputs as unknown as RaggedTensorToTensorInputs;
    return runOp(backend, "RaggedTensorToTensor", {
      inputs: [shape, values, defaultValue, ...rowPartitionTensors],
      types: { T: values.dtype, Tindex: "int32", Tshape: "int32" },
      ints: { num_row_partition_tensors: rowPartitionTensors.length },
      strings: { row_partition_types: attrs["rowPartitionTypes"] as string[] },
    })[0]!;
  });
}
