/**
 * Convolutions to very few channels, such as an image's three, four pixels at
 * a time: TensorFlow's kernels fill whole vectors of 16 channels, and most of
 * that work is lost on three.
 *
 *     x ─▶ conv 3x3 ─▶ y            [n, h, w, 3]
 *     x ─▶ conv 4x4 /2 ─▶           [n, h/2, w/2, 4 · 3] ─▶ depth to space ─▶ y
 *
 * The wider filter holds the narrow one four times, shifted to each pixel of a
 * square of two by two, and zeros.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { runtime } from "@/tensorflow/ffi/runtime.ts";
import { biasAndActivation } from "./activations.ts";
import { type Kernel, type KernelCall, overrideKernel } from "./register.ts";
import { spaceToDepth } from "./space_to_depth.ts";

/** Registers the kernels of this file, which are for processors. */
export function registerNarrowConvolutions(): void {
  if (runtime.gpu !== undefined) return;
  overrideKernel("Conv2D", (call, standard) => {
    const x = call.inputs["x"] as Tensor4D;
    const filter = call.inputs["filter"] as Tensor4D;
    return isNarrow(x, filter.shape, call)
      ? tfjs.tidy(() => convolve(x, filter, call, standard))
      : standard(call);
  });
  overrideKernel("Conv2DBackpropFilter", (call, standard) => {
    const x = call.inputs["x"] as Tensor4D;
    const dy = call.inputs["dy"] as Tensor4D;
    const shape = call.attrs["filterShape"] as Tensor4D["shape"];
    return isNarrow(x, shape, call)
      ? tfjs.tidy(() => filterGradient(x, dy, shape, call, standard))
      : standard(call);
  });
  overrideKernel("FusedConv2D", (call, standard) => {
    const { x, filter } = call.inputs as Record<string, Tensor4D>;
    if (!isNarrow(x!, filter!.shape, call)) return standard(call);
    const { strides, pad } = call.attrs;
    return tfjs.tidy(() => {
      const y = tfjs.conv2d(x!, filter!, strides as number, pad as "same");
      return biasAndActivation(y, call);
    });
  });
}

/** Whether the detour is possible and faster. */
function isNarrow(
  x: Tensor4D,
  filterShape: readonly number[],
  { attrs }: KernelCall,
): boolean {
  const [height, width, inputs, outputs] = filterShape;
  const [, rows, columns] = x.shape;
  const one = (value: unknown) =>
    [value ?? 1].flat().every((size) => size === 1);
  return attrs["pad"] === "same" &&
    (attrs["dataFormat"] ?? "NHWC") === "NHWC" &&
    one(attrs["strides"]) && one(attrs["dilations"]) &&
    x.dtype === "float32" && x.size > 0 &&
    height === width && height! % 2 === 1 && height! >= 3 &&
    inputs! >= 16 && outputs! <= 4 &&
    rows! % 2 === 0 && columns! % 2 === 0 && rows! > height! &&
    columns! > height!;
}

function convolve(
  x: Tensor4D,
  filter: Tensor4D,
  call: KernelCall,
  standard: Kernel,
): Tensor {
  const [height, width, inputs, outputs] = filter.shape;
  const shifted = SQUARE.map(([row, column]) =>
    tfjs.pad(filter, [[row, 1 - row], [column, 1 - column], [0, 0], [0, 0]])
  );
  const wide = tfjs.stack(shifted, 3) // [h + 1, w + 1, inputs, 4, outputs]
    .reshape([height + 1, width + 1, inputs, 4 * outputs]);
  const y = standard({
    ...call,
    inputs: { x, filter: wide },
    attrs: { ...call.attrs, strides: [2, 2] },
  }) as Tensor4D; // [n, rows / 2, columns / 2, 4 * outputs]
  return tfjs.depthToSpace(y, 2);
}

function filterGradient(
  x: Tensor4D,
  dy: Tensor4D,
  shape: Tensor4D["shape"],
  call: KernelCall,
  standard: Kernel,
): Tensor {
  const [height, width, inputs, outputs] = shape;
  const packed = spaceToDepth(dy, 2); // [n, rows / 2, columns / 2, 4 * outputs]
  const wideShape = [height + 1, width + 1, inputs, 4 * outputs];
  const wide = standard({
    ...call,
    inputs: { x, dy: packed },
    attrs: { ...call.attrs, filterShape: wideShape, strides: [2, 2] },
  }) as Tensor;
  const split = wide.reshape([height + 1, width + 1, inputs, 4, outputs]);
  const size = [height, width, inputs, 1, outputs];
  return tfjs.addN(
    SQUARE.map(([row, column], i) =>
      split.slice([row, column, 0, i, 0], size).reshape(shape)
    ),
  );
}

/** The pixels of a square in depth to space's order: row, column. */
const SQUARE: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
