/**
 * Gradients of 1x1 convolutions as matrix products, which they are: oneDNN's
 * kernels for gradients of convolutions take several times as long for them.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import { runtime } from "@/tensorflow/ffi/runtime.ts";
import { type KernelCall, overrideKernel } from "./register.ts";

/** Registers the kernels of this file, which are for processors. */
export function registerPointwiseConvolutions(): void {
  if (runtime.gpu !== undefined) return;
  overrideKernel("Conv2DBackpropFilter", (call, standard) => {
    const { x, dy } = call.inputs as Record<string, Tensor>;
    const shape = call.attrs["filterShape"] as number[];
    if (!isPointwise(x!, shape, call)) return standard(call);
    const [, , inputs, outputs] = shape;
    return tfjs.tidy(() =>
      tfjs.matMul(
        x!.reshape([-1, inputs!]),
        dy!.reshape([-1, outputs!]),
        true,
      ).reshape(shape)
    );
  });
  overrideKernel("Conv2DBackpropInput", (call, standard) => {
    const { dy, filter } = call.inputs as Record<string, Tensor>;
    if (!isPointwise(dy!, filter!.shape, call)) return standard(call);
    const [, , inputs, outputs] = filter!.shape;
    return tfjs.tidy(() =>
      tfjs.matMul(
        dy!.reshape([-1, outputs!]),
        filter!.reshape([inputs!, outputs!]),
        false,
        true,
      ).reshape(call.attrs["inputShape"] as number[])
    );
  });
}

function isPointwise(
  x: Tensor,
  [height, width, inputs, outputs]: readonly number[],
  { attrs }: KernelCall,
): boolean {
  const one = (value: unknown) =>
    [value ?? 1].flat().every((size) => size === 1);
  return height === 1 && width === 1 && inputs! > 0 && outputs! > 0 &&
    (attrs["pad"] === "same" || attrs["pad"] === "valid") &&
    (attrs["dataFormat"] ?? "NHWC") === "NHWC" &&
    one(attrs["strides"]) && one(attrs["dilations"]) &&
    x.dtype === "float32" && x.size > 0;
}
