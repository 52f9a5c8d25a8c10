/**
 * Fixed tables for rounded values with a normal distribution around 0.
 *
 * With a mean-scale hyperprior, y - mean is rounded and coded, and the decoder
 * adds the mean again. So one table per scale is enough, and a well predicted
 * latent costs next to nothing wherever its mean lies. D. Minnen, J. Ballé
 * and G. Toderici, "Joint Autoregressive and Hierarchical Priors for Learned
 * Image Compression", 2018.
 *
 * The tables are the same to the bit everywhere: they need only + - * / of
 * 64-bit floating point numbers, which IEEE 754 defines exactly, and neither exp
 * nor erf, which it leaves to each engine.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import {
  FREQUENCY_SUM,
  type FrequencyTable,
  FrequencyTables,
} from "./frequency_tables.ts";

/** The number of scales. */
export const GAUSSIAN_SCALES = 64;

/** The index of the scale 1; six scales make an octave. */
export const UNIT_SCALE = 21;

/** 2^(j/6), as the nearest 64-bit numbers. */
const ROOTS = [
  1,
  1.122462048309373,
  1.2599210498948732,
  1.4142135623730951,
  1.5874010519681994,
  1.7817974362806785,
] as const;

/** Maximum share of values that the escape stands for. */
const TAIL = 1 / 4096;

/**
 * The standard deviation of a scale, 2^((index - 21) / 6): from 0.088, where
 * all but 2 in 10⁸ values are 0, to 128.
 *
 * @param index Of the scale, a whole number in 0..63.
 * @returns The standard deviation.
 * @throws {RangeError} If there is no such scale.
 *
 * @example
 * ```ts
 * import { gaussianScale, UNIT_SCALE } from "./gaussian_tables.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(gaussianScale(UNIT_SCALE), 1);
 * assertEquals(gaussianScale(63), 128);
 * ```
 */
export function gaussianScale(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= GAUSSIAN_SCALES) {
    throw invalid(
      "index",
      `a whole number in 0..${GAUSSIAN_SCALES - 1}`,
      index,
    );
  }
  const sixths = index + 3; // above 2^-4
  return ROOTS[sixths % 6]! * (1 << Math.floor(sixths / 6)) / 16;
}

/**
 * The error function at x >= 0, within 3e-7, and 0 at 0; it never falls.
 *
 * C. Hastings; M. Abramowitz and I. Stegun, "Handbook of Mathematical
 * Functions", 1964, 7.1.28.
 *
 * @param x A number from 0.
 * @returns The share of a normal distribution within x √2 deviations.
 */
export function errorFunction(x: number): number {
  let power = 1 + x * (0.0705230784 + x * (0.0422820123 +
            x * (0.0092705272 + x * (0.0001520143 +
                    x * (0.0002765672 + x * 0.0000430638)))));
  power *= power; // 2
  power *= power; // 4
  power *= power; // 8
  power *= power; // 16
  return 1 - 1 / power;
}

/**
 * The table of a scale.
 *
 * With E(j) the share of values of at most j in size, the first k places hold
 * (E((k-1) >> 1) + E(k >> 1)) / 2 of all values.
 *
 * @param index Of the scale, a whole number in 0..63.
 * @returns The table, centred on 0.
 * @throws {RangeError} If there is no such scale.
 */
export function gaussianTable(index: number): FrequencyTable {
  const width = gaussianScale(index) * ROOTS[3];
  return centredTable((size) => errorFunction((size + 0.5) / width));
}

/**
 * The table of a distribution that is symmetric around 0.
 *
 * @param within The share of values of at most a whole number in size; it grows
 * to 1.
 * @returns The table, centred on 0.
 */
export function centredTable(
  within: (size: number) => number,
): FrequencyTable {
  let largest = 0;
  while (1 - within(largest) > TAIL) largest++;
  const size = 2 * largest + 1;
  const spread = FREQUENCY_SUM - (size + 1); // each place gets at least 1
  const frequencies = new Uint32Array(size + 1);
  let before = 0;
  for (let k = 1; k <= size; k++) {
    const share = (within((k - 1) >> 1) + within(k >> 1)) / 2;
    const sum = k + Math.floor(share * spread);
    frequencies[k - 1] = sum - before;
    before = sum;
  }
  frequencies[size] = FREQUENCY_SUM - before;
  return { centre: 0, frequencies };
}

/**
 * The tables of all 64 scales.
 *
 * @returns One table per scale, with the scale's index.
 *
 * @example
 * ```ts
 * import { gaussianTables } from "./gaussian_tables.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { count, cumulative } = gaussianTables();
 * assertEquals(count, 64);
 * assertEquals(cumulative.length, 8796);
 * ```
 */
export function gaussianTables(): FrequencyTables {
  return new FrequencyTables(
    Array.from({ length: GAUSSIAN_SCALES }, (_, index) => gaussianTable(index)),
  );
}
