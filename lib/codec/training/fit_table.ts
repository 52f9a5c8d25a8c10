/**
 * From how often values came to a table, once, when a model is trained. The
 * numbers of the table are then part of the model: for hyper-latents one table
 * a channel, the same for every photo.
 *
 * J. Ballé, D. Minnen, S. Singh, S. J. Hwang and N. Johnston, "Variational
 * image compression with a scale hyperprior", 2018, appendix 6.1.
 *
 * @module
 */
import {
  FREQUENCY_SUM,
  type FrequencyTable,
  TABLE_LIMIT,
} from "@/codec/entropy/frequency_tables.ts";

/**
 * A table that fits counts or probabilities, centred on the commonest value.
 *
 * @param first The value that the first weight belongs to.
 * @param weights Of `first`, `first + 1`, …: counts or probabilities, none
 * negative, of one unit.
 * @param escape The weight of all other values.
 * @throws {RangeError} If a weight is negative or not finite, none is
 * positive, or the table would list more than 4096 values.
 *
 * @example
 * ```ts
 * import { fitTable } from "@/codec/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { centre, frequencies } = fitTable(-1, [1, 2, 1]);
 * assertEquals(centre, 0);
 * assertEquals(Array.from(frequencies), [32767, 16384, 16384, 1]);
 * ```
 */
export function fitTable(
  first: number,
  weights: ArrayLike<number>,
  escape = 0,
): FrequencyTable {
  const common = commonest(weights);
  // As many places on either side of the centre as the longer one needs.
  const reach = Math.max(common, weights.length - 1 - common);
  const size = 2 * reach + 1;
  if (size > TABLE_LIMIT) {
    throw new RangeError(
      `A table lists at most ${TABLE_LIMIT} values, but these weights need ` +
        `${size}.`,
    );
  }
  const ordered = Float64Array.from({ length: size + 1 }, (_, place) => {
    if (place === size) return escape;
    return weights[common + ((place >>> 1) ^ -(place & 1))] ?? 0;
  });
  return {
    centre: first + common,
    frequencies: share(ordered, FREQUENCY_SUM),
  };
}

function commonest(weights: ArrayLike<number>): number {
  let place = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! > weights[place]!) place = i;
  }
  return place;
}

/** Splits `sum` by weight into whole numbers, none below 1. */
function share(weights: Float64Array, sum: number): Uint32Array {
  let total = 0;
  weights.forEach((weight, place) => {
    if (!(weight >= 0 && weight < Infinity)) {
      throw new RangeError(
        `Weight ${place} is ${weight}, below 0 or not finite.`,
      );
    }
    total += weight;
  });
  if (total === 0) throw new RangeError("All weights are 0.");
  const spread = sum - weights.length;
  const shares = new Uint32Array(weights.length);
  let weight = 0, before = 0;
  for (let place = 0; place < weights.length; place++) {
    weight += weights[place]!;
    const upTo = place + 1 + Math.round(weight / total * spread);
    shares[place] = upTo - before;
    before = upTo;
  }
  return shares;
}
