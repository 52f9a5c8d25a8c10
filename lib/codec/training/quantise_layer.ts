/**
 * Layers of real numbers to layers of whole numbers, which `integer_layer.ts`
 * computes exactly.
 *
 * @module
 */

import { type IntegerWeights, MAX_INPUT } from "@/codec/model/integer_layer.ts";

/** Maximum of a weight, of either sign. */
const MAX_WEIGHT = 32767;

/** Sums stay below it, so that 32-bit floating point numbers hold them. */
const EXACT = 2 ** 24;

/** The weights of a layer of real numbers. */
export interface RealLayerWeights {
  /** `[side, side, from, to]`. */
  readonly shape: readonly [number, number, number, number];
  /** In the order of the shape. */
  readonly filters: ArrayLike<number>;
  /** `[to]`. */
  readonly bias: ArrayLike<number>;
}

/**
 * The finest possible units of a layer's results: for each result the maximum
 * whole number that can stand for 1 without its weights growing too large.
 *
 * @param layer The layer.
 * @param inputUnits For each input, the whole number that stands for 1.
 * @returns One unit per result.
 */
export function finestUnits(
  { shape, filters, bias }: RealLayerWeights,
  inputUnits: ArrayLike<number>,
): Float64Array {
  const [side, , from, to] = shape;
  const taps = side * side * from;
  // Rounding adds up to a half to every weight.
  const room = EXACT - 1 - MAX_INPUT / 2 * taps;
  return Float64Array.from({ length: to }, (_, result) => {
    let sum = Math.abs(bias[result]!), largest = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = Math.abs(filters[tap * to + result]!) /
        inputUnits[tap % from]!;
      sum += MAX_INPUT * weight;
      largest = Math.max(largest, weight);
    }
    return Math.min(room / sum, MAX_WEIGHT / largest);
  });
}

/**
 * The nearest layer of whole numbers.
 *
 * @param real The layer.
 * @param inputUnits For each input, the whole number that stands for 1.
 * @param outputUnits For each result, the whole number that stands for 1.
 * @returns The layer of whole numbers.
 * @throws {RangeError} If a result's weights are too large for any divisor.
 */
export function quantiseLayer(
  { shape, filters, bias }: RealLayerWeights,
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
    const shift = finestShift(scaled, scaledBias);
    if (shift === undefined) {
      throw new RangeError(
        `The weights of result ${result} are too large for whole numbers.`,
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

function finestShift(
  weights: Float64Array,
  bias: number,
): number | undefined {
  for (let shift = 20; shift >= 0; shift--) {
    const scale = 2 ** shift;
    let sum = Math.abs(bias * scale) + scale, largest = 0;
    for (const weight of weights) {
      const rounded = Math.abs(Math.round(weight * scale));
      sum += rounded * MAX_INPUT;
      largest = Math.max(largest, rounded);
    }
    if (sum < EXACT && largest <= MAX_WEIGHT) return shift;
  }
  return undefined;
}
