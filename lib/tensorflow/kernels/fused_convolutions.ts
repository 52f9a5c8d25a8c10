/**
 * A convolution, its bias and its activation in one pass over memory; tfjs-node
 * takes three. It is oneDNN's, which TensorFlow has on processors of the x86
 * family. Compiled functions do not need it, as TensorFlow fuses their ops.
 *
 * Source: `_MklNativeFusedConv2D` in `tensorflow/core/ops/mkl_nn_ops.cc`.
 *
 * @module
 */

import type { TensorInfo } from "@tensorflow/tfjs";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import { runtime } from "@/tensorflow/ffi/runtime.ts";
import { TensorFlowError } from "@/tensorflow/ffi/status.ts";
import { type KernelCall, overrideKernel, stepsOf } from "./register.ts";
import { runOp } from "./run_op.ts";

/** oneDNN's ops for an activation, by tfjs's name. */
const FUSED_OPS = new Map([
  ["linear", ["BiasAdd"]],
  ["relu", ["BiasAdd", "Relu"]],
  ["relu6", ["BiasAdd", "Relu6"]],
]);

/** Registers the kernel of this file, which is for processors. */
export function registerFusedConvolutions(): void {
  if (runtime.gpu !== undefined) return;
  let isThere = true;
  overrideKernel("FusedConv2D", (call, standard) => {
    const { activation } = call.attrs;
    const ops = FUSED_OPS.get(activation as string ?? "linear");
    if (!isThere || ops === undefined || !canFuse(call)) return standard(call);
    try {
      return convolve(call, ops);
    } catch (error) {
      if (!(error instanceof TensorFlowError)) throw error;
      isThere = false;
      return standard(call);
    }
  });
}

function canFuse({ inputs, attrs }: KernelCall): boolean {
  const { x, filter, bias } = inputs as Record<string, TensorInfo | undefined>;
  const { pad, dataFormat } = attrs;
  return currentGraph() === undefined &&
    (pad === "same" || pad === "valid") &&
    (dataFormat ?? "NHWC") === "NHWC" &&
    bias?.shape.length === 1 && bias.shape[0] === filter!.shape[3] &&
    [x!, filter!, bias].every(({ dtype, shape }) =>
      dtype === "float32" && !shape.includes(0)
    );
}

function convolve(
  { inputs, attrs, backend }: KernelCall,
  ops: readonly string[],
): TensorInfo {
  const { x, filter, bias } = inputs;
  return runOp(backend, "_MklNativeFusedConv2D", {
    inputs: [x!, filter!, bias!],
    types: { T: "float32", TArgs: ["float32"] },
    ints: {
      strides: [1, ...stepsOf(attrs["strides"]), 1],
      dilations: [1, ...stepsOf(attrs["dilations"]), 1],
      explicit_paddings: [],
      num_args: 1,
    },
    strings: {
      _kernel: "MklNameChangeOp",
      padding: (attrs["pad"] as string).toUpperCase(),
      data_format: "NHWC",
      fused_ops: ops,
    },
    floats: { epsilon: 0 },
    bools: { is_filter_const: false },
  })[0]!;
}
