/**
 * Activations and biases as TensorFlow's own ops, forward and backward: one
 * pass over memory where tfjs takes several, and a graph in which TensorFlow
 * recognises a convolution with its bias and activation as one op.
 *
 *     x ─▶ conv ─▶ BiasAdd ─▶ Relu ─▶ y      becomes one op
 *         dy ─▶ ReluGrad(dy, y) ─▶ BiasAddGrad
 *
 * @module
 */

import * as tfjs from "@tensorflow/tfjs";
import type { Tensor } from "@tensorflow/tfjs";
import { currentGraph } from "@/tensorflow/backend/binding.ts";
import { type KernelCall, overrideKernel } from "./register.ts";
import { addOp, runOp, scratch } from "./run_op.ts";

/** Registers the kernels and gradients of this file. */
export function registerActivations(): void {
  registerBias();
  for (const slope of SLOPES) registerSlope(slope);
  registerLeakyRelu();
  registerReluOfSum();
  replaceGradient({
    kernelName: "Mean",
    inputsToSave: ["x"],
    gradFunc: (dy, [x], { axis }) => ({
      x: () => spreadMean(dy as Tensor, x!, axis as number | number[]),
    }),
  });
}

/**
 * Adds the bias and applies the activation of a fused convolution.
 *
 * @param y The convolution without them.
 * @param call The call of the kernel `FusedConv2D`.
 * @returns Its result.
 */
export function biasAndActivation(
  y: Tensor,
  { inputs, attrs, backend }: KernelCall,
): Tensor {
  const { bias, preluActivationWeights } = inputs as Record<
    string,
    Tensor | null | undefined
  >;
  return backend.applyActivation(
    bias ? tfjs.add(y, bias) : y,
    attrs["activation"] as string,
    preluActivationWeights ?? undefined,
    attrs["leakyreluAlpha"] as number | undefined,
  );
}

const CHANNELS_LAST = {
  types: { T: "float32" },
  strings: { data_format: "NHWC" },
} as const;

/** Adding a bias to each channel, and summing all but the channels. */
function registerBias(): void {
  overrideKernel("Add", (call, standard) => {
    const { a, b } = call.inputs as Record<string, Tensor>;
    if (!isBias(a!, b!)) return standard(call);
    return tfjs.tidy(() => {
      const bias = b!.shape.length === 1 ? b! : tfjs.reshape(b!, [-1]);
      return runOp(call.backend, "BiasAdd", {
        inputs: [a!, bias],
        ...CHANNELS_LAST,
      })[0]!;
    });
  });
  overrideKernel("Sum", (call, standard) => {
    const x = call.inputs["x"] as Tensor;
    const { axis, keepDims } = call.attrs;
    const rank = x.shape.length;
    const axes = tfjs.util.parseAxisParam(axis as number | number[], x.shape);
    const allButLast = axes.length === rank - 1 && rank >= 2 &&
      !axes.includes(rank - 1);
    if (!allButLast || keepDims || x.dtype !== "float32" || x.size === 0) {
      return standard(call);
    }
    return runOp(call.backend, "BiasAddGrad", {
      inputs: [x],
      ...CHANNELS_LAST,
    })[0]!;
  });
}

/** Whether `b` has one number per channel of `a`, the last axis. */
function isBias(a: Tensor, b: Tensor): boolean {
  const rank = a.shape.length, channels = a.shape[rank - 1];
  return a.dtype === "float32" && b.dtype === "float32" &&
    rank >= 2 && rank <= 5 && a.size > 0 &&
    b.shape.length >= 1 && b.shape.length <= rank &&
    b.size === channels && b.shape[b.shape.length - 1] === channels;
}

/** The gradient of an activation whose slope follows from its result `y`. */
interface Slope {
  /** The activation. */
  readonly kernelName: string;
  /** TensorFlow's op for the gradient. */
  readonly op: string;
  /** The op's inputs, in order. */
  readonly order: readonly ("dy" | "y")[];
  /** The op's own gradient with respect to `y`, for a gradient `down`. */
  byResult(down: Tensor, dy: Tensor, y: Tensor): Tensor;
}

// From the result, not from the input: then nothing else needs the input, and
// it can stay inside a fused convolution.
const SLOPES: readonly Slope[] = [
  {
    kernelName: "Relu",
    op: "ReluGrad",
    order: ["dy", "y"],
    byResult: (_down, _dy, y) => tfjs.zerosLike(y),
  },
  {
    kernelName: "Sigmoid",
    op: "SigmoidGrad",
    order: ["y", "dy"],
    byResult: (down, dy, y) => down.mul(dy).mul(y.mul(-2).add(1)),
  },
  {
    kernelName: "Tanh",
    op: "TanhGrad",
    order: ["y", "dy"],
    byResult: (down, dy, y) => down.mul(dy).mul(y.mul(-2)),
  },
];

function registerSlope({ kernelName, op, order, byResult }: Slope): void {
  addOp(op, order, () => ({ types: { T: "float32" } }));
  const slope = (dy: Tensor, y: Tensor): Tensor =>
    tfjs.engine().runKernel(op, { dy, y: y.toFloat() }) as Tensor;
  replaceGradient({
    kernelName,
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => slope(dy as Tensor, y!) }),
  });
  tfjs.registerGradient({
    kernelName: op,
    inputsToSave: ["dy", "y"],
    gradFunc: (down, [dy, y]) => ({
      dy: () => slope(down as Tensor, y!),
      y: () => byResult(down as Tensor, dy!, y!),
    }),
  });
}

/**
 * Where `conv + bias + x` goes through a ReLU and elsewhere, too, as in residual
 * networks, TensorFlow's remapper takes all for one op, finds a reader left, and
 * then fuses nothing in the whole graph. It does not know this form of a ReLU.
 */
function registerReluOfSum(): void {
  overrideKernel("Relu", (call, standard) => {
    const { inputs, backend } = call;
    const x = inputs["x"]!;
    const [id] = backend.getInputTensorIds([x]);
    const op = currentGraph()?.find(id!)?.op;
    if (op === undefined || !/^Add/.test(op) || x.dtype !== "float32") {
      return standard(call);
    }
    using zero = scratch(backend, Float32Array.of(0), []);
    const types = { T: "float32" };
    return runOp(backend, "Maximum", { inputs: [x, zero], types })[0]!;
  });
}

function registerLeakyRelu(): void {
  addOp("LeakyReluGrad", ["dy", "features"], ({ attrs }) => ({
    types: { T: "float32" },
    floats: { alpha: attrs["alpha"] as number },
  }));
  const slope = (dy: Tensor, features: Tensor, alpha: number): Tensor =>
    tfjs.engine().runKernel(
      "LeakyReluGrad",
      { dy, features: features.toFloat() },
      { alpha },
    ) as Tensor;
  replaceGradient({
    kernelName: "LeakyRelu",
    inputsToSave: ["x"],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attrs) => {
      const alpha = attrs["alpha"] as number;
      // Unless it turns around below 0, the result has the input's sign.
      const features = alpha < 0 ? x! : y!;
      return { x: () => slope(dy as Tensor, features, alpha) };
    },
  });
  tfjs.registerGradient({
    kernelName: "LeakyReluGrad",
    inputsToSave: ["features"],
    gradFunc: (down, [features], attrs) => ({
      dy: () => slope(down as Tensor, features!, attrs["alpha"] as number),
      features: () => tfjs.zerosLike(features!),
    }),
  });
}

function replaceGradient(config: tfjs.GradConfig): void {
  tfjs.unregisterGradient(config.kernelName);
  tfjs.registerGradient(config);
}

/** Gives each element its share of a mean's gradient. */
function spreadMean(
  dy: Tensor,
  x: Tensor,
  axis: number | number[],
): Tensor {
  const axes = tfjs.util.parseAxisParam(axis, x.shape);
  const kept = x.shape.map((size, i) => axes.includes(i) ? 1 : size);
  const count = tfjs.util.sizeFromShape(axes.map((i) => x.shape[i]!));
  const shape = x.shape as tfjs.ShapeMap[tfjs.Rank];
  return dy.reshape(kept).div(count).broadcastTo(shape);
}
