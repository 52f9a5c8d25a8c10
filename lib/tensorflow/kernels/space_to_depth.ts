/**
 * Space to depth, which tfjs lacks, and the gradient of depth to space, whose
 * inverse it is.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { addOp } from "./run_op.ts";

type Layout = "NHWC" | "NCHW";

/** Registers the kernels and gradients of this file. */
export function registerSpaceToDepth(): void {
  addOp("SpaceToDepth", ["x"], ({ attrs, dtypeOf }) => ({
    types: { T: dtypeOf("x") },
    ints: { block_size: attrs["blockSize"] as number },
    strings: { data_format: attrs["dataFormat"] as Layout },
  }));
  tfjs.registerGradient({
    kernelName: "DepthToSpace",
    gradFunc: (dy, _saved, { blockSize, dataFormat }) => ({
      x: () => spaceToDepth(dy as Tensor, blockSize as number, dataFormat),
    }),
  });
  tfjs.registerGradient({
    kernelName: "SpaceToDepth",
    gradFunc: (dy, _saved, { blockSize, dataFormat }) => ({
      x: () =>
        tfjs.depthToSpace(
          dy as Tensor4D,
          blockSize as number,
          dataFormat as Layout,
        ),
    }),
  });
}

/**
 * Moves squares of pixels into channels.
 *
 * @param x `[n, h, w, c]`, or `[n, c, h, w]` if the format is `NCHW`.
 * @param blockSize Side of a square; it divides height and width.
 * @param dataFormat Where the channels are.
 * @returns `[n, h / blockSize, w / blockSize, c * blockSize ** 2]`.
 */
export function spaceToDepth(
  x: Tensor,
  blockSize: number,
  dataFormat: unknown = "NHWC",
): Tensor {
  return tfjs.engine().runKernel(
    "SpaceToDepth",
    { x },
    { blockSize, dataFormat: dataFormat as Layout },
  ) as Tensor;
}
