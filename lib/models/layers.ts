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
  /** Starts with weights of 0, so that the layer adds nothing at first. */
  readonly zero?: boolean;
  /** No bias. */
  readonly useBias?: boolean;
}

/** A convolution with padding, `[n, h, w, c]` to `[n, h/s, w/s, filters]`. */
export function conv2d(options: LayerOptions): tf.layers.Layer {
  return tf.layers.conv2d(config(options));
}

/**
 * A transposed convolution with padding, `[n, h, w, c]` to
 * `[n, h*s, w*s, filters]`.
 */
export function conv2dTranspose(options: LayerOptions): tf.layers.Layer {
  return tf.layers.conv2dTranspose(config(options));
}

type Config = Parameters<typeof tf.layers.conv2dTranspose>[0];

function config(options: LayerOptions): Config {
  const { zero = false, seed, strides = 1, activation = "linear" } = options;
  return {
    name: options.name,
    filters: options.filters,
    kernelSize: options.kernelSize,
    strides,
    padding: "same",
    activation,
    useBias: options.useBias ?? true,
    // He et al. 2015, made for ReLU; Glorot and Bengio 2010 for the rest.
    kernelInitializer: zero
      ? tf.initializers.zeros()
      : activation === "relu"
      ? tf.initializers.heUniform({ seed })
      : tf.initializers.glorotUniform({ seed }),
  };
}
