/**
 * The encoder's choice of whole numbers. The decoder follows any.
 *
 * @module
 */

import type { CodecModel } from "@/codec/model/codec_model.ts";
import { MEDIUM_CHANNELS } from "@/codec/model/colour_dct.ts";
import {
  FREQUENCY_SUM,
  type FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import { atQuality, OCTAVE } from "@/codec/entropy/log_steps.ts";
import { lambdaAt, levelOf, MEDIUM_SHARE } from "@/codec/model/quality.ts";

/**
 * Chooses the value that is coded for a latent; the decoder adds the mean to
 * it again.
 *
 * @param difference What is wanted less what is predicted, in steps.
 * @param table Of its scale, which says what each value costs.
 * @param channel Of the latent.
 * @returns A whole number of 32 bits.
 */
export type ValueChooser = (
  difference: number,
  table: number,
  channel: number,
) => number;

/** Chooses the nearest value. */
export const nearestValue: ValueChooser = (difference) =>
  Math.sign(difference) * Math.floor(Math.abs(difference) + 0.5);

/**
 * Chooses the value of the least cost: bits and errors, weighed as the quality
 * does in training. Looked at are the nearest value, the next nearer to 0, and
 * 0. What a value changes in later predictions is left out.
 *
 * G. Sullivan and T. Wiegand, "Rate-Distortion Optimization for Video
 * Compression", 1998.
 *
 * @param model Says what values cost, and how large steps are.
 * @param quality 1..100.
 * @param rateWeight How much bits count, as a share of what they do in
 * training; 0 and above. With 0 the nearest value is chosen.
 * @throws {RangeError} If it is below 0.
 */
export function cheapestValue(
  model: CodecModel,
  quality: number,
  rateWeight: number,
): ValueChooser {
  if (!(rateWeight >= 0 && rateWeight < Infinity)) {
    throw new RangeError(
      `The weight of bits must be 0 or more, but it is ${rateWeight}.`,
    );
  }
  if (rateWeight === 0) return nearestValue;
  const costs = valueCosts(model.tables);
  const errors = errorCosts(model, quality);
  return (difference, table, channel) => {
    const nearest = nearestValue(difference, table, channel);
    if (nearest === 0) return 0;
    const errorCost = errors[channel]!;
    const cost = (value: number) =>
      rateWeight * costs(table, value) + errorCost * (difference - value) ** 2;
    const lower = nearest - Math.sign(nearest);
    const best = cost(lower) <= cost(nearest) ? lower : nearest;
    return lower !== 0 && cost(0) <= cost(best) ? 0 : best;
  };
}

/**
 * Bits that an error of one step is worth in each channel: λ times what it adds
 * to the mean squared errors. The transform is orthonormal, so a squared error
 * of a coefficient is one of the high image's pixels and colours, of which the
 * mean is taken; in the first channels it is as much of the medium image,
 * which counts less.
 */
export function errorCosts(model: CodecModel, quality: number): Float64Array {
  const lambda = lambdaAt(levelOf(quality));
  const norms = model.real.get("norms")!.values;
  return Float64Array.from(atQuality(model.logSteps, quality), (log, i) => {
    const step = norms[i]! * 2 ** (-log / OCTAVE); // in grey levels
    const images = i < MEDIUM_CHANNELS ? 1 + MEDIUM_SHARE : 1;
    return lambda / 3 * images * step ** 2;
  });
}

/** Bits of a value; one that a table does not list counts its escape alone. */
export function valueCosts(
  { centres, sizes, starts, cumulative }: FrequencyTables,
): (table: number, value: number) => number {
  const bits = Float32Array.from(
    cumulative,
    (before, i) =>
      Math.log2(FREQUENCY_SUM / Math.max(1, (cumulative[i + 1] ?? 0) - before)),
  );
  return (table, value) => {
    const offset = value - centres[table]!;
    const place = offset < 0 ? -2 * offset - 1 : 2 * offset;
    return bits[starts[table]! + Math.min(place, sizes[table]!)]!;
  };
}
