/**
 * The entropy coder's tables of latents with a logistic distribution, that of
 * the training's estimate of bits. They need + - * / alone, so they are the
 * same everywhere.
 *
 * @module
 */
import {
  type FrequencyTable,
  FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import {
  centredTable,
  GAUSSIAN_SCALES,
  gaussianScale,
  UNIT_SCALE,
} from "@/codec/entropy/gaussian_tables.ts";

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
  return centredTable((size) => {
    const rest = exponential(-(size + 0.5) / width);
    return (1 - rest) / (1 + rest);
  });
}

/** `exp(x)` at x <= 0 within a few parts in 10⁷: ten squares of a cubic. */
function exponential(x: number): number {
  const small = Math.max(-64, x) / 1024;
  let power = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4)));
  for (let i = 0; i < 10; i++) power *= power;
  return power;
}
