/**
 * Convolutions of one image as those of a volume of depth 1.
 *
 * For a batch of one, TensorFlow gives filters to oneDNN as they are: that saves
 * their reordering, but oneDNN is left with its slowest kernel, products of
 * matrices. With AVX2, 3x3 convolutions of 64x96 cells take three times as long
 * as in a batch of two. Volumes are free of this rule.
 *
 * Source: `MklConvFwdPrimitive` in `tensorflow/core/kernels/mkl/mkl_conv_ops.cc`.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { Tensor, Tensor4D, Tensor5D } from "@tensorflow/tfjs";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import { runtime } from "@/tensorflow/ffi/runtime.ts";
import { biasAndActivation } from "./activations.ts";
import { type KernelCall, overrideKernel, stepsOf } from "./register.ts";

/**
 * Multiplications below which changes of shape take longer than they save: as
 * ops of their own, and in a compiled function, which also fuses less then.
 */
const LEAST_WORK = { eager: 2 ** 26, compiled: 2 ** 22 };

/** Registers the kernels of this file, for processors that oneDNN is made for. */
export function registerSingleConvolutions(): void {
  if (runtime.gpu !== undefined || Deno.build.arch !== "x86_64") return;
  overrideKernel("Conv2D", (call, standard) => {
    if (!isSlow(call)) return standard(call);
    return tfjs.tidy(() => inPlane(convolve(call)));
  });
  overrideKernel("FusedConv2D", (call, standard) => {
    if (!isSlow(call)) return standard(call);
    return tfjs.tidy(() => inPlane(biasAndActivation(convolve(call), call)));
  });
}

/** Whether TensorFlow would take long, and as a volume it is the same. */
function isSlow({ inputs, attrs }: KernelCall): boolean {
  const [x, filter] = [inputs["x"] as Tensor4D, inputs["filter"] as Tensor4D];
  const { pad, strides, dilations, dataFormat } = attrs;
  const [n, rows, columns] = x.shape;
  const [height, width, from, to] = filter.shape;
  const [down, across] = stepsOf(strides);
  const work = rows * columns / down / across * height * width * from * to;
  return n === 1 && height * width > 1 &&
    work >= LEAST_WORK[currentGraph() === undefined ? "eager" : "compiled"] &&
    x.dtype === "float32" && filter.dtype === "float32" &&
    (pad === "same" || pad === "valid") &&
    (dataFormat ?? "NHWC") === "NHWC" &&
    stepsOf(dilations).every((step) => step === 1);
}

function convolve({ inputs, attrs }: KernelCall): Tensor5D {
  const [x, filter] = [inputs["x"] as Tensor4D, inputs["filter"] as Tensor4D];
  return tfjs.conv3d(
    x.reshape([1, ...x.shape]) as Tensor5D,
    filter.reshape([1, ...filter.shape]) as Tensor5D,
    [1, ...stepsOf(attrs["strides"])],
    attrs["pad"] as "same" | "valid",
  );
}

/** `[1, 1, h, w, c]` to `[1, h, w, c]`. */
function inPlane(volume: Tensor): Tensor {
  return volume.reshape(volume.shape.slice(1));
}
