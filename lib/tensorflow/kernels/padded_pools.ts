/**
 * Pooling with padding given in numbers, while TensorFlow's ops know only
 * `same` and `valid`: the input is padded or cropped so that `valid` gives the
 * same result.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import { type Kernel, type KernelCall, overrideKernel } from "./register.ts";

/** Registers the kernels of this file. */
export function registerPaddedPools(): void {
  for (const suffix of ["", "3D"]) {
    overrideKernel(`MaxPool${suffix}`, (call, standard) => {
      const x = call.inputs["x"] as Tensor;
      const edges = edgesOf(x, call);
      if (edges === undefined) return standard(call);
      return tfjs.tidy(() => onValid(call, standard, { x: fitMax(x, edges) }));
    });
    overrideKernel(`MaxPool${suffix}Grad`, (call, standard) => {
      const { dy, input, output } = call.inputs as Record<string, Tensor>;
      const edges = edgesOf(input!, call);
      if (edges === undefined) return standard(call);
      return tfjs.tidy(() => {
        const inputs = {
          dy: dy!,
          input: fitMax(input!, edges),
          output: output!,
        };
        return fit(onValid(call, standard, inputs), inverse(edges), 0);
      });
    });
    overrideKernel(`AvgPool${suffix}`, (call, standard) => {
      const x = call.inputs["x"] as Tensor;
      const edges = edgesOf(x, call);
      if (edges === undefined) return standard(call);
      return tfjs.tidy(() => {
        const mean = onValid(call, standard, { x: fit(x, edges, 0) });
        return tfjs.divNoNan(mean, share(x, edges, call, standard));
      });
    });
    overrideKernel(`AvgPool${suffix}Grad`, (call, standard) => {
      const { dy, input } = call.inputs as Record<string, Tensor>;
      const edges = edgesOf(input!, call);
      if (edges === undefined) return standard(call);
      return tfjs.tidy(() => {
        const forward = tfjs.getKernel(`AvgPool${suffix}`, "tensorflow")
          .kernelFunc as unknown as Kernel;
        const inputs = {
          dy: tfjs.divNoNan(dy!, share(input!, edges, call, forward)),
          input: fit(input!, edges, 0),
        };
        return fit(onValid(call, standard, inputs), inverse(edges), 0);
      });
    });
  }
}

/** Elements to add before and after on each axis; negative ones are cut off. */
type Edges = readonly (readonly [number, number])[];

/** The spatial axes of a pool in tfjs's words; a flat one lacks the first. */
const AXES = [
  ["Depth", "front"],
  ["Height", "top"],
  ["Width", "left"],
] as const;

type Axis = typeof AXES[number];

/** tfjs's functions for two and for three axes, with one signature. */
type ComputePoolInfo = (
  shape: readonly number[],
  ...attributes: unknown[]
) =>
  & Record<
    `${"in" | "out" | "stride" | "effectiveFilter"}${Axis[0]}`,
    number
  >
  & { readonly padInfo: { type: string } & Record<Axis[1], number> };

/** What to add, or `undefined` if TensorFlow's own padding is enough. */
function edgesOf(x: Tensor, { attrs }: KernelCall): Edges | undefined {
  if (typeof attrs["pad"] === "string") return undefined;
  const { computePool2DInfo, computePool3DInfo } = tfjs.backend_util;
  const isFlat = x.shape.length === 4;
  const compute = isFlat ? computePool2DInfo : computePool3DInfo;
  const info = (compute as unknown as ComputePoolInfo)(
    x.shape,
    attrs["filterSize"],
    attrs["strides"],
    1,
    attrs["pad"],
    attrs["dimRoundingMode"],
  );
  const { padInfo } = info;
  if (padInfo.type === "VALID" || padInfo.type === "SAME") return undefined;
  const edges = AXES.slice(isFlat ? 1 : 0).map(([axis, side]) => {
    const before = padInfo[side];
    const covered = (info[`out${axis}`] - 1) * info[`stride${axis}`] +
      info[`effectiveFilter${axis}`];
    return [before, covered - info[`in${axis}`] - before] as const;
  });
  return [[0, 0], ...edges, [0, 0]];
}

/** Runs a kernel of tfjs-node with `valid` padding. */
function onValid(
  call: KernelCall,
  kernel: Kernel,
  inputs: Record<string, Tensor>,
): Tensor {
  const { dimRoundingMode: _, ...attrs } = call.attrs;
  return kernel({
    ...call,
    inputs,
    attrs: { ...attrs, pad: "valid" },
  }) as Tensor;
}

/** How much of each window lies inside the input, 0 to 1. */
function share(
  x: Tensor,
  edges: Edges,
  call: KernelCall,
  averagePool: Kernel,
): Tensor {
  return onValid(call, averagePool, { x: fit(tfjs.onesLike(x), edges, 0) });
}

/** Pads for a maximum: with a value that no element is below. */
function fitMax(x: Tensor, edges: Edges): Tensor {
  return fit(x, edges, x.dtype === "int32" ? -(2 ** 31) : -Infinity);
}

/** Pads a tensor, or cuts it where an edge is negative. */
function fit(x: Tensor, edges: Edges, value: number): Tensor {
  const begin = edges.map(([before]) => Math.max(0, -before));
  const size = edges.map(([before, after], axis) =>
    x.shape[axis]! + Math.min(0, before) + Math.min(0, after)
  );
  const cut = tfjs.slice(x, begin, size);
  const paddings = edges.map(([before, after]) =>
    [Math.max(0, before), Math.max(0, after)] as [number, number]
  );
  return tfjs.pad(cut, paddings, value);
}

function inverse(edges: Edges): Edges {
  return edges.map(([before, after]) => [-before, -after]);
}
