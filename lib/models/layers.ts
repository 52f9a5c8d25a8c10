/**
 * The layers that the networks are made of, each with a seed of its own.
 *
 * @module
 */

import { tf } from "@/tensorflow/mod.ts";

/** What every layer here needs. */
export interface LayerOptions {
  /** Unique within its network; names the layer's weights. */
  readonly name: string;
  /** Output channels. */
  readonly filters: number;
  /** Side of the kernel. */
  readonly kernelSize: number;
  /** Pixels from one output to the next; 1 keeps the size. */
  readonly strides?: number;
  /** Applied to the output; linear by default. */
  readonly activation?: "relu" | "linear";
  /** Seed of the first weights. */
  readonly seed: number;
  /**
   * Scales the first weights; 1 by default. With 0 the layer adds nothing at
   * first.
   */
  readonly gain?: number;
  /** Whether there is a bias; true by default. */
  readonly useBias?: boolean;
}

/** A convolution with padding, `[n, h, w, c]` to `[n, h/s, w/s, filters]`. */
export function conv2d(
  input: tf.SymbolicTensor,
  options: LayerOptions,
): tf.SymbolicTensor {
  return tf.layers.conv2d(config(options)).apply(input) as tf.SymbolicTensor;
}

/**
 * A transposed convolution with padding, `[n, h, w, c]` to
 * `[n, h*s, w*s, filters]`.
 */
export function conv2dTranspose(
  input: tf.SymbolicTensor,
  options: LayerOptions,
): tf.SymbolicTensor {
  return tf.layers.conv2dTranspose(config(options))
    .apply(input) as tf.SymbolicTensor;
}

/** The sum of two tensors of one shape. */
export function sum(
  name: string,
  a: tf.SymbolicTensor,
  b: tf.SymbolicTensor,
): tf.SymbolicTensor {
  return tf.layers.add({ name }).apply([a, b]) as tf.SymbolicTensor;
}

/** `x + conv(relu(conv(x)))`, 3x3, which is nearly `x` at first. */
export function residualBlock(
  input: tf.SymbolicTensor,
  { name, filters, seed }: Pick<LayerOptions, "name" | "filters" | "seed">,
): tf.SymbolicTensor {
  const hidden = conv2d(input, {
    name: `${name}_a`,
    filters,
    kernelSize: 3,
    activation: "relu",
    seed,
  });
  const change = conv2d(hidden, {
    name: `${name}_b`,
    filters,
    kernelSize: 3,
    seed: seed + 1,
    gain: 0.2,
  });
  return sum(`${name}_sum`, input, change);
}

/** What a fully connected layer needs. */
export interface DenseOptions
  extends Pick<LayerOptions, "name" | "activation" | "seed"> {
  /** Numbers that come out. */
  readonly units: number;
}

/** A fully connected layer, `[n, k]` to `[n, units]`. */
export function dense(
  { name, units, activation = "linear", seed }: DenseOptions,
): ReturnType<typeof tf.layers.dense> {
  const kernelInitializer = firstWeights(activation, seed);
  return tf.layers.dense({ name, units, activation, kernelInitializer });
}

type Config = Parameters<typeof tf.layers.conv2dTranspose>[0];

function config(options: LayerOptions): Config {
  const { gain = 1, seed, strides = 1, activation = "linear" } = options;
  return {
    name: options.name,
    filters: options.filters,
    kernelSize: options.kernelSize,
    strides,
    padding: "same",
    activation,
    useBias: options.useBias ?? true,
    kernelInitializer: gain === 0
      ? tf.initializers.zeros()
      : firstWeights(activation, seed, gain),
  };
}

/** He et al. 2015: twice the variance where ReLU drops half of it. */
function firstWeights(
  activation: "relu" | "linear",
  seed: number,
  gain = 1,
): ReturnType<typeof tf.initializers.varianceScaling> {
  return tf.initializers.varianceScaling({
    scale: (activation === "relu" ? 2 : 1) * gain ** 2,
    mode: "fanIn",
    distribution: "uniform",
    seed,
  });
}
