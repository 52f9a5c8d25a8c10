/**
 * Pooling with padding given in numbers, where TensorFlow's ops know only
 * `same` and `valid`: the input is padded, or cropped, so that `valid` gives
 * what is asked for.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { NamedAttrMap, Tensor } from "@tensorflow/tfjs";
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

/** What to add, or `undefined` where TensorFlow's own padding will do. */
function edgesOf(x: Tensor, { attrs }: KernelCall): Edges | undefined {
  if (typeof attrs["pad"] === "string") return undefined;
  const { padInfo, axes } = x.shape.length === 4
    ? info2d(x.shape, attrs)
    : info3d(x.shape, attrs);
  if (padInfo === "VALID" || padInfo === "SAME") return undefined;
  const edges = axes.map(({ size, before, out, stride, filter }) =>
    [before, (out - 1) * stride + filter - size - before] as const
  );
  return [[0, 0], ...edges, [0, 0]];
}

interface Axis {
  readonly size: number;
  readonly before: number;
  readonly out: number;
  readonly stride: number;
  readonly filter: number;
}

interface PoolInfo {
  readonly padInfo: string;
  readonly axes: readonly Axis[];
}

function info2d(shape: number[], attrs: NamedAttrMap): PoolInfo {
  const info = tfjs.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    attrs["filterSize"] as [number, number],
    attrs["strides"] as [number, number],
    1,
    attrs["pad"] as number,
    attrs["dimRoundingMode"] as "floor" | undefined,
  );
  return {
    padInfo: info.padInfo.type,
    axes: [
      {
        size: info.inHeight,
        before: info.padInfo.top,
        out: info.outHeight,
        stride: info.strideHeight,
        filter: info.effectiveFilterHeight,
      },
      {
        size: info.inWidth,
        before: info.padInfo.left,
        out: info.outWidth,
        stride: info.strideWidth,
        filter: info.effectiveFilterWidth,
      },
    ],
  };
}

function info3d(shape: number[], attrs: NamedAttrMap): PoolInfo {
  const info = tfjs.backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    attrs["filterSize"] as [number, number, number],
    attrs["strides"] as [number, number, number],
    1,
    attrs["pad"] as number,
    attrs["dimRoundingMode"] as "floor" | undefined,
  );
  return {
    padInfo: info.padInfo.type,
    axes: [
      {
        size: info.inDepth,
        before: info.padInfo.front,
        out: info.outDepth,
        stride: info.strideDepth,
        filter: info.effectiveFilterDepth,
      },
      {
        size: info.inHeight,
        before: info.padInfo.top,
        out: info.outHeight,
        stride: info.strideHeight,
        filter: info.effectiveFilterHeight,
      },
      {
        size: info.inWidth,
        before: info.padInfo.left,
        out: info.outWidth,
        stride: info.strideWidth,
        filter: info.effectiveFilterWidth,
      },
    ],
  };
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

/** How much of each window lies inside of the input, 0 to 1. */
function share(
  x: Tensor,
  edges: Edges,
  call: KernelCall,
  averagePool: Kernel,
): Tensor {
  return onValid(call, averagePool, { x: fit(tfjs.onesLike(x), edges, 0) });
}

/** Pads for a maximum: with what no element is below. */
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
