/**
 * The entropy coder's tables of latents with a logistic distribution, that of
 * the training's estimate of bits. They need + - * / alone, so they are the
 * same everywhere.
 *
 * @module
 */
import {
  FREQUENCY_SUM,
  type FrequencyTable,
  FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import {
  GAUSSIAN_SCALES,
  gaussianScale,
  UNIT_SCALE,
} from "@/codec/entropy/gaussian_tables.ts";

/** Maximum share of values that the escape stands for. */
const TAIL = 1 / 4096;

/** As in `rate_estimate.ts`: no latent is ever entirely certain. */
const MIN_SCALE = 0.05;

/**
 * The table that is closest to a scale.
 *
 * @param scale Binary logarithm of the standard deviation.
 * @returns The index of one of the tables, of which six make an octave.
 */
export function nearestTable(scale: number): number {
  const index = Math.round(6 * scale) + UNIT_SCALE;
  return Math.max(0, Math.min(GAUSSIAN_SCALES - 1, index));
}

/**
 * The tables of all scales.
 *
 * @returns 64 tables around 0.
 */
export function latentTables(): FrequencyTables {
  return new FrequencyTables(
    Array.from({ length: GAUSSIAN_SCALES }, (_, index) => latentTable(index)),
  );
}

function latentTable(index: number): FrequencyTable {
  const width = (gaussianScale(index) + MIN_SCALE) * Math.sqrt(3) / Math.PI;
  // The share of values of at most j in size.
  const within = (size: number) => {
    const rest = exponential(-(size + 0.5) / width);
    return (1 - rest) / (1 + rest);
  };
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

/** `exp(x)` at x <= 0 within a few parts in 10⁷: ten squares of a cubic. */
function exponential(x: number): number {
  const small = Math.max(-64, x) / 1024;
  let power = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4)));
  for (let i = 0; i < 10; i++) power *= power;
  return power;
}
