/**
 * Gradients of convolutions with a padding for each side, which tfjs-node
 * refuses and TensorFlow supports; transposed convolutions are such gradients
 * too.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { TensorInfo } from "@tensorflow/tfjs";
import { type KernelCall, overrideKernel } from "./register.ts";
import { runOp, scratch } from "./run_op.ts";

/** Registers the kernels of this file. */
export function registerExplicitConvolutions(): void {
  overrideKernel("Conv2DBackpropInput", (call, standard) => {
    if (!Array.isArray(call.attrs["pad"])) return standard(call);
    const { dy, filter } = call.inputs;
    const shape = call.attrs["inputShape"] as number[];
    return backpropagate(call, shape, filter!.shape, shape, (sizes) => ({
      name: "Conv2DBackpropInput",
      inputs: [sizes, filter!, dy!],
    }));
  });
  overrideKernel("Conv2DBackpropFilter", (call, standard) => {
    if (!Array.isArray(call.attrs["pad"])) return standard(call);
    const { x, dy } = call.inputs;
    const shape = call.attrs["filterShape"] as number[];
    return backpropagate(call, x!.shape, shape, shape, (sizes) => ({
      name: "Conv2DBackpropFilter",
      inputs: [x!, sizes, dy!],
    }));
  });
}

/** Runs one of the two gradients; `sizes` is the shape of its result. */
function backpropagate(
  { attrs, backend }: KernelCall,
  inputShape: readonly number[],
  filterShape: readonly number[],
  sizes: readonly number[],
  op: (sizes: TensorInfo) => { name: string; inputs: TensorInfo[] },
): TensorInfo {
  const layout = attrs["dataFormat"] as "NHWC" | "NCHW";
  const info = tfjs.backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    attrs["strides"] as [number, number],
    1,
    attrs["pad"] as tfjs.backend_util.ExplicitPadding,
    attrs["dimRoundingMode"] as "floor" | undefined,
    false,
    tfjs.backend_util.convertConv2DDataFormat(layout),
  );
  const { top, bottom, left, right } = info.padInfo;
  const spatial = [top, bottom, left, right], none = [0, 0];
  const steps = [info.strideHeight, info.strideWidth];
  using shape = scratch(backend, Int32Array.from(sizes));
  const { name, inputs } = op(shape);
  return runOp(backend, name, {
    inputs,
    types: { T: "float32" },
    strings: { padding: "EXPLICIT", data_format: layout },
    ints: {
      strides: layout === "NHWC" ? [1, ...steps, 1] : [1, 1, ...steps],
      explicit_paddings: layout === "NHWC"
        ? [...none, ...spatial, ...none]
        : [...none, ...none, ...spatial],
    },
  })[0]!;
}
