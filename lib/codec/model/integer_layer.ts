/**
 * Convolutions of whole numbers, which come out alike to the bit everywhere.
 *
 * The decoder has to predict each latent's probabilities exactly as the encoder
 * did, or the rest of the file is noise. Sums of 32-bit floating point numbers
 * depend on their order, which differs between machines. Sums of whole numbers
 * below 2²⁴ do not: every such number has a 32-bit floating point form, so any
 * order, and any fused multiplication, is exact. So values are whole numbers
 * of 8 bits and a sign, weights are whole numbers that keep every sum below
 * 2²⁴, and results are brought back to 8 bits by a power of two:
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

/** The greatest value of an input, of either sign. */
export const GREATEST_INPUT = 255;

/** The greatest value of a result that is not clipped to an input's. */
const GREATEST_RESULT = 32767;

/** The greatest weight. */
const GREATEST_WEIGHT = 32767;

/** Sums stay below it. */
const EXACT = 2 ** 24;

/** The weights of a layer of whole numbers. */
export interface IntegerWeights {
  /** `[side, side, from, to]`. */
  readonly shape: readonly [number, number, number, number];
  /** In the order of the shape. */
  readonly filters: Int16Array;
  /** One a result, half of the divisor included, which rounds. */
  readonly bias: Int32Array;
  /** Binary logarithms of the divisors, one a result. */
  readonly shifts: Uint8Array;
}

/** The weights of a layer of real numbers. */
export interface RealWeights {
  /** `[side, side, from, to]`. */
  readonly shape: readonly [number, number, number, number];
  /** In the order of the shape. */
  readonly filters: ArrayLike<number>;
  /** One a result. */
  readonly bias: ArrayLike<number>;
}

/**
 * How finely the results of a layer can be told: the greatest unit of each at
 * which its weights, in whole numbers, are not too great.
 *
 * @param layer Of real numbers.
 * @param inputUnits For each input, the whole number that stands for 1.
 */
export function greatestUnits(
  { shape, filters, bias }: RealWeights,
  inputUnits: ArrayLike<number>,
): Float64Array {
  const [side, , from, to] = shape;
  const taps = side * side * from;
  // Rounding adds up to a half to every weight.
  const room = EXACT - 1 - GREATEST_INPUT / 2 * taps;
  return Float64Array.from({ length: to }, (_, result) => {
    let sum = Math.abs(bias[result]!), greatest = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = Math.abs(filters[tap * to + result]!) /
        inputUnits[tap % from]!;
      sum += GREATEST_INPUT * weight;
      greatest = Math.max(greatest, weight);
    }
    return Math.min(room / sum, GREATEST_WEIGHT / greatest);
  });
}

/**
 * The nearest layer of whole numbers.
 *
 * @param real The layer.
 * @param inputUnits For each input, the whole number that stands for 1.
 * @param outputUnits For each result, the whole number that stands for 1.
 * @throws {RangeError} When a result's weights are too great for any divisor.
 */
export function quantiseLayer(
  { shape, filters, bias }: RealWeights,
  inputUnits: ArrayLike<number>,
  outputUnits: ArrayLike<number>,
): IntegerWeights {
  const [side, , from, to] = shape;
  const taps = side * side * from;
  const whole = new Int16Array(taps * to);
  const wholeBias = new Int32Array(to);
  const shifts = new Uint8Array(to);
  for (let result = 0; result < to; result++) {
    const scaled = Float64Array.from(
      { length: taps },
      (_, tap) =>
        filters[tap * to + result]! * outputUnits[result]! /
        inputUnits[tap % from]!,
    );
    const scaledBias = bias[result]! * outputUnits[result]!;
    const shift = greatestShift(scaled, scaledBias);
    if (shift === undefined) {
      throw new RangeError(
        `The weights of result ${result} are too great for whole numbers.`,
      );
    }
    scaled.forEach((value, tap) => {
      whole[tap * to + result] = Math.round(value * 2 ** shift);
    });
    wholeBias[result] = Math.round((scaledBias + 0.5) * 2 ** shift);
    shifts[result] = shift;
  }
  return { shape, filters: whole, bias: wholeBias, shifts };
}

function greatestShift(
  weights: Float64Array,
  bias: number,
): number | undefined {
  for (let shift = 20; shift >= 0; shift--) {
    const scale = 2 ** shift;
    let sum = Math.abs(bias * scale) + scale, greatest = 0;
    for (const weight of weights) {
      const rounded = Math.abs(Math.round(weight * scale));
      sum += rounded * GREATEST_INPUT;
      greatest = Math.max(greatest, rounded);
    }
    if (sum < EXACT && greatest <= GREATEST_WEIGHT) return shift;
  }
  return undefined;
}

/**
 * A layer of whole numbers as tensors, divided by its powers of two: numbers as
 * exact as before.
 */
export interface IntegerTensors {
  /** `[side, side, from, to]`. */
  readonly filters: Tensor4D;
  /** `[to]`. */
  readonly bias: Tensor1D;
}

/**
 * The tensors of a layer; to be disposed.
 *
 * @param weights In whole numbers.
 */
export function integerTensors(
  { shape, filters, bias, shifts }: IntegerWeights,
): IntegerTensors {
  const scales = Array.from(shifts, (shift) => 2 ** -shift);
  const scaled = (values: ArrayLike<number>) =>
    Float32Array.from(values, (value, i) => value * scales[i % scales.length]!);
  return {
    filters: tensor4d(scaled(filters), [...shape]),
    bias: tensor1d(scaled(bias)),
  };
}

/**
 * Convolutions of whole numbers; values are whole numbers in tensors of 32-bit
 * floating point numbers.
 *
 * @param weights By a layer's name.
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
        ? minimum(sum, GREATEST_INPUT)
        : sum.clipByValue(-GREATEST_RESULT, GREATEST_RESULT)) as Tensor4D;
    });
  };
}
