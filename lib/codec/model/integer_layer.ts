/**
 * Convolutions of whole numbers, whose results are the same to the bit
 * everywhere.
 *
 * The decoder has to predict each latent's probabilities exactly as the encoder
 * did, or the rest of the file is noise. Sums of 32-bit floating point numbers
 * depend on their order, which differs between machines. Sums of whole numbers
 * below 2²⁴ do not: every such number has a 32-bit floating point form, so any
 * order, and any fused multiplication, is exact. So values are whole numbers
 * of 8 bits and a sign, weights are whole numbers that keep every sum below
 * 2²⁴, and results are scaled back to 8 bits by a power of two:
 *
 *     y = clip(floor((Σ w · x + b) / 2^shift), 0, 255)
 *
 * J. Ballé, N. Johnston and D. Minnen, "Integer Networks for Data Compression
 * with Latent-Variable Models", 2019.
 *
 * @module
 */

import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs";
import { fused, minimum, tensor1d, tensor4d, tidy } from "@tensorflow/tfjs";
import type { Layer } from "./networks.ts";

/** Maximum of an input, of either sign. */
export const MAX_INPUT = 255;

/** Maximum of a linear layer's result, of either sign. */
const MAX_RESULT = 32767;

/** The weights of a layer of whole numbers. */
export interface IntegerWeights {
  /** `[side, side, from, to]`. */
  readonly shape: readonly [number, number, number, number];
  /** Whole numbers, in the order of the shape. */
  readonly filters: Int16Array;
  /** `[to]`; half of the divisor is included, so that results are rounded. */
  readonly bias: Int32Array;
  /** `[to]`: binary logarithms of the divisors. */
  readonly shifts: Uint8Array;
}

/** A layer of whole numbers as tensors, divided by its powers of two. */
export interface IntegerTensors {
  /** `[side, side, from, to]`. */
  readonly filters: Tensor4D;
  /** `[to]`. */
  readonly bias: Tensor1D;
}

/**
 * Makes the tensors of a layer, which the caller disposes. Dividing by powers
 * of two keeps them exact.
 *
 * @param weights In whole numbers.
 * @returns The tensors.
 */
export function integerTensors(
  { shape, filters, bias, shifts }: IntegerWeights,
): IntegerTensors {
  const scales = Array.from(shifts, (shift) => 2 ** -shift);
  const scaled = (values: ArrayLike<number>) => {
    const result = new Float32Array(values.length);
    for (let i = 0; i < result.length; i++) {
      result[i] = values[i]! * scales[i % scales.length]!;
    }
    return result;
  };
  return {
    filters: tensor4d(scaled(filters), [...shape]),
    bias: tensor1d(scaled(bias)),
  };
}

/**
 * Convolutions of whole numbers; values are whole numbers in tensors of 32-bit
 * floating point numbers.
 *
 * @param weights Returns a layer's tensors by its name.
 * @returns The convolutions by name.
 */
export function integerLayer(
  weights: (name: string) => IntegerTensors,
): Layer {
  return (x, name, { relu = true, stride = 1 } = {}) => {
    const { filters, bias } = weights(name);
    return tidy(() => {
      const sum = fused.conv2d({
        x,
        filter: filters,
        bias,
        strides: stride,
        pad: "same",
        activation: relu ? "relu" : "linear",
      }).floor();
      return (relu
        ? minimum(sum, MAX_INPUT)
        : sum.clipByValue(-MAX_RESULT, MAX_RESULT)) as Tensor4D;
    });
  };
}
