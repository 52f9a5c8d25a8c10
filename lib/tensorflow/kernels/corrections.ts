/**
 * Kernels of tfjs-node that differ from what tfjs promises, corrected.
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import { overrideKernel } from "./register.ts";
import { runOp, scratch } from "./run_op.ts";

/** Registers the kernels of this file. */
export function registerCorrections(): void {
  integers();
  shapes();
  gradients();
  // tfjs-node runs an op even if the type stays, and bfloat16 cannot pass it.
  // What it calls int32 may be uint8.
  overrideKernel("Cast", (call, standard) => {
    const x = call.inputs["x"] as Tensor;
    return [x.dtype, call.attrs["dtype"]].every((type) => type === "float32")
      ? tfjs.clone(x)
      : standard(call);
  });
  overrideKernel("GatherV2", (call, standard) => {
    // tfjs-node reads the indices to check them; in a graph TensorFlow does.
    if (currentGraph() === undefined) return standard(call);
    const { x, indices } = call.inputs as { x: Tensor; indices: Tensor };
    const { axis, batchDims } = call.attrs as Record<string, number>;
    using axisTensor = scratch(call.backend, Int32Array.of(axis!), []);
    return runOp(call.backend, "GatherV2", {
      inputs: [x, indices, axisTensor],
      types: { Tparams: x.dtype, Tindices: indices.dtype, Taxis: "int32" },
      ints: { batch_dims: batchDims! },
    })[0]!;
  });
}

/** Types that TensorFlow's op does not take, or takes differently. */
function integers(): void {
  overrideKernel("LeakyRelu", (call, standard) => {
    const x = call.inputs["x"] as Tensor;
    if (x.dtype !== "int32") return standard(call);
    return tfjs.tidy(() =>
      standard({ ...call, inputs: { x: tfjs.cast(x, "float32") } }) as Tensor
    );
  });
  overrideKernel("Mean", (call, standard) => {
    const x = call.inputs["x"] as Tensor;
    if (x.dtype === "float32") return standard(call);
    // tfjs-node casts the tensor, but names the type that it had.
    return tfjs.tidy(() =>
      standard({ ...call, inputs: { x: tfjs.cast(x, "float32") } }) as Tensor
    );
  });
  overrideKernel("Step", (call, standard) => {
    const x = call.inputs["x"] as Tensor;
    if (x.dtype !== "int32") return standard(call);
    return tfjs.tidy(() =>
      tfjs.where(
        tfjs.greater(x, tfjs.scalar(0, "int32")),
        tfjs.onesLike(x),
        tfjs.fill(x.shape, call.attrs["alpha"] as number, "int32"),
      )
    );
  });
  overrideKernel("Round", (call, standard) => {
    const x = call.inputs["x"] as Tensor;
    return x.dtype === "int32" ? tfjs.clone(x) : standard(call);
  });
  overrideKernel("Sign", (call, standard) => {
    const x = call.inputs["x"] as Tensor;
    if (x.dtype !== "float32") return standard(call);
    // tfjs has 0 for NaN.
    return tfjs.tidy(() =>
      tfjs.where(
        tfjs.isNaN(x),
        tfjs.zerosLike(x),
        standard(call) as Tensor,
      )
    );
  });
  overrideKernel("Diag", (call, standard) => {
    const x = call.inputs["x"] as Tensor;
    if (x.dtype !== "bool") return standard(call);
    return tfjs.tidy(() => {
      const inputs = { x: tfjs.cast(x, "int32") };
      return tfjs.cast(standard({ ...call, inputs }) as Tensor, "bool");
    });
  });
}

/** Shapes and layouts that tfjs-node refuses or reads differently. */
function shapes(): void {
  overrideKernel("Concat", (call, standard) => {
    const tensors = Object.values(call.inputs) as Tensor[];
    if (tensors.some((tensor) => tensor.shape.length > 0)) {
      return standard(call);
    }
    return tfjs.stack(tensors); // TensorFlow does not join scalars.
  });
  overrideKernel("ScatterNd", (call, standard) => {
    const indices = call.inputs["indices"] as Tensor;
    if (indices.shape.length !== 1) return standard(call);
    return tfjs.tidy(() => {
      // A list holds several indices in tfjs, and one index in TensorFlow.
      const list = tfjs.expandDims(indices, 1);
      const inputs = { ...call.inputs, indices: list };
      return standard({ ...call, inputs }) as Tensor;
    });
  });
  overrideKernel("Einsum", (call, standard) => {
    const equation = call.attrs["equation"] as string;
    const [inputs = "", output = ""] = equation.split("->");
    for (const label of output.matchAll(/[a-zA-Z]/g)) {
      // TensorFlow would make it an axis of one element.
      if (!inputs.includes(label[0])) {
        throw new RangeError(
          `Output subscripts contain the label ${label[0]} not present in ` +
            `the input subscripts.`,
        );
      }
    }
    return standard(call);
  });
  overrideKernel("FusedConv2D", (call, standard) => {
    if (call.attrs["dataFormat"] !== "NCHW") return standard(call);
    const weights = call.inputs["preluActivationWeights"] as Tensor | undefined;
    return tfjs.tidy(() => {
      const last = (x: Tensor) => tfjs.transpose(x, [0, 2, 3, 1]);
      const result = standard({
        ...call,
        inputs: {
          ...call.inputs,
          x: last(call.inputs["x"] as Tensor),
          ...(weights === undefined ? {} : {
            preluActivationWeights: channelsLast(weights),
          }),
        },
        attrs: { ...call.attrs, dataFormat: "NHWC" },
      });
      return tfjs.transpose(result as Tensor4D, [0, 3, 1, 2]);
    });
  });
}

/** Weights `[channels, height, width]` that broadcast, channels last. */
function channelsLast(weights: Tensor): Tensor {
  return weights.shape.length === 3
    ? tfjs.transpose(weights, [1, 2, 0])
    : weights;
}

/** Gradients that ignore an attribute of their op. */
function gradients(): void {
  for (const name of ["ResizeBilinear", "ResizeNearestNeighbor"]) {
    overrideKernel(`${name}Grad`, (call, standard) => {
      const { images, dy } = call.inputs;
      if (!call.attrs["halfPixelCenters"]) return standard(call);
      const [, height, width] = images!.shape;
      using size = scratch(call.backend, Int32Array.of(height!, width!));
      return runOp(call.backend, `${name}Grad`, {
        inputs: [dy!, name === "ResizeBilinear" ? images! : size],
        types: { T: images!.dtype },
        bools: {
          align_corners: call.attrs["alignCorners"] as boolean,
          half_pixel_centers: true,
        },
      })[0]!;
    });
  }
}
