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
  /** Pixels from one output to the next; 1 by default, which keeps the size. */
  readonly strides?: number;
  /** Applied to the output; linear by default. */
  readonly activation?: "relu" | "linear";
  /** Seed of the initial weights. */
  readonly seed: number;
  /**
   * Scales the initial weights; 1 by default. With 0 the layer adds nothing at
   * first.
   */
  readonly gain?: number;
  /** Whether there is a bias; true by default. */
  readonly useBias?: boolean;
}

/**
 * Adds a convolution with padding.
 *
 * @param input `[n, h, w, c]`.
 * @param options The layer.
 * @returns `[n, h/s, w/s, filters]`.
 */
export function conv2d(
  input: tf.SymbolicTensor,
  options: LayerOptions,
): tf.SymbolicTensor {
  return tf.layers.conv2d(config(options)).apply(input) as tf.SymbolicTensor;
}

/**
 * Adds a transposed convolution with padding.
 *
 * @param input `[n, h, w, c]`.
 * @param options The layer.
 * @returns `[n, h*s, w*s, filters]`.
 */
export function conv2dTranspose(
  input: tf.SymbolicTensor,
  options: LayerOptions,
): tf.SymbolicTensor {
  return tf.layers.conv2dTranspose(config(options))
    .apply(input) as tf.SymbolicTensor;
}

/**
 * Adds a convolution of 3x3 and a ReLU for each width, each of which halves the
 * image.
 *
 * @param input `[n, h, w, c]`.
 * @param widths Channels of each, k in number.
 * @param seed Seed of the first layer; each further one has the next.
 * @returns `[n, h / 2^k, w / 2^k, widths.at(-1)]`.
 */
export function halvings(
  input: tf.SymbolicTensor,
  widths: readonly number[],
  seed: number,
): tf.SymbolicTensor {
  return widths.reduce((hidden, filters, i) =>
    conv2d(hidden, {
      name: `analysis_${i}`,
      filters,
      kernelSize: 3,
      strides: 2,
      activation: "relu",
      seed: seed + i,
    }), input);
}

/**
 * Adds the sum of two tensors.
 *
 * @param name Unique within its network.
 * @param a A tensor.
 * @param b A tensor of the same shape.
 * @returns Their sum.
 */
export function sum(
  name: string,
  a: tf.SymbolicTensor,
  b: tf.SymbolicTensor,
): tf.SymbolicTensor {
  return tf.layers.add({ name }).apply([a, b]) as tf.SymbolicTensor;
}

/** What a row of residual blocks needs. */
export interface ResidualBlocksOptions
  extends Pick<LayerOptions, "name" | "filters" | "seed"> {
  /** How many blocks. */
  readonly blocks: number;
}

/**
 * Adds residual blocks, `x + conv(relu(conv(x)))` with 3x3 kernels, each of
 * which is nearly `x` at first.
 *
 * @param input `[n, h, w, filters]`.
 * @param options How many, of which width.
 * @returns `[n, h, w, filters]`.
 */
export function residualBlocks(
  input: tf.SymbolicTensor,
  options: ResidualBlocksOptions,
): tf.SymbolicTensor {
  const { filters, blocks } = options;
  let hidden = input;
  for (let i = 0; i < blocks; i++) {
    const name = `${options.name}_${i}`;
    const seed = options.seed + 10 * (i + 1);
    const layer = { filters, kernelSize: 3 };
    const inner = conv2d(hidden, {
      ...layer,
      name: `${name}_a`,
      activation: "relu",
      seed,
    });
    const change = conv2d(inner, {
      ...layer,
      name: `${name}_b`,
      seed: seed + 1,
      gain: 0.2,
    });
    hidden = sum(`${name}_sum`, hidden, change);
  }
  return hidden;
}

/** What a fully connected layer needs. */
export interface DenseOptions
  extends Pick<LayerOptions, "name" | "activation" | "seed" | "gain"> {
  /** Output numbers. */
  readonly units: number;
}

/**
 * Makes a fully connected layer, `[n, k]` to `[n, units]`.
 *
 * @param options The layer.
 * @returns The layer, to be applied or put into a sequence.
 */
export function dense(
  { name, units, activation = "linear", seed, gain = 1 }: DenseOptions,
): ReturnType<typeof tf.layers.dense> {
  const kernelInitializer = initialWeights(activation, seed, gain);
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
    kernelInitializer: initialWeights(activation, seed, gain),
  };
}

/** He et al. 2015: twice the variance where ReLU drops half of it. */
function initialWeights(
  activation: "relu" | "linear",
  seed: number,
  gain = 1,
): ReturnType<typeof tf.initializers.zeros> {
  if (gain === 0) return tf.initializers.zeros();
  return tf.initializers.varianceScaling({
    scale: (activation === "relu" ? 2 : 1) * gain ** 2,
    mode: "fanIn",
    distribution: "uniform",
    seed,
  });
}
