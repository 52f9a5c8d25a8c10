/**
 * The encoder's choice of whole numbers; the decoder accepts any.
 *
 * @module
 */

import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { valueCosts } from "@/codec/entropy/value_costs.ts";
import {
  coarsen,
  type NestedTables,
  refinementOf,
  saidTable,
} from "@/codec/entropy/nested_tables.ts";
import { type CodecModel, kindUnits } from "@/codec/model/codec_model.ts";
import type {
  ValueChooser,
  WantedLatents,
} from "@/codec/model/coder_options.ts";
import { cheapestPath } from "./choose_path.ts";
import { nearestValue } from "@/codec/model/latent_units.ts";
import { lambdaAt, levelOf } from "@/codec/model/quality.ts";
import { invalid } from "@/errors/invalid.ts";

/**
 * Chooses the value of the lowest cost: bits and errors, weighted as in training
 * for the quality. The candidates are the nearest value, the next one towards 0,
 * and 0. Effects on later predictions are ignored.
 *
 * G. Sullivan and T. Wiegand, "Rate-Distortion Optimization for Video
 * Compression", 1998.
 *
 * @param model Its tables set the costs of values.
 * @param quality 1..100.
 * @param rateWeight The weight of bits, relative to training; at least 0. With 0
 * the nearest value is chosen.
 * @returns What chooses, and the costs of what it chooses.
 * @throws {RangeError} If the weight is negative or not finite.
 */
export function cheapestValues(
  model: CodecModel,
  quality: number,
  rateWeight: number,
): Pick<WantedLatents, "choose" | "path" | "rate"> {
  if (!(rateWeight >= 0 && rateWeight < Infinity)) {
    throw invalid("rateWeight", "a number from 0", rateWeight);
  }
  // The transform is orthonormal: an error of a coefficient is one of pixels.
  const { greyLevels } = kindUnits(model, quality);
  const error = lambdaAt(levelOf(quality)) / 3 * greyLevels ** 2;
  const path = cheapestPath(model.tables, error, rateWeight);
  if (rateWeight === 0) return { choose: nearestValue, path };
  const bits = toldCosts(model.tables);
  const choose: ValueChooser = (difference, table, told) => {
    const nearest = nearestValue(difference);
    if (nearest === 0 && told === undefined) return 0;
    const cost = (value: number) =>
      rateWeight * bits(table, value, told) +
      error * (difference - value) ** 2;
    if (told !== undefined) {
      return cheapest([nearest, nearest - 1, nearest + 1, 0], cost);
    }
    const lower = nearest - Math.sign(nearest);
    const best = cost(lower) <= cost(nearest) ? lower : nearest;
    return lower !== 0 && cost(0) <= cost(best) ? 0 : best;
  };
  return { choose, path, rate: { bits, weight: rateWeight } };
}

function cheapest(
  values: readonly number[],
  cost: (value: number) => number,
): number {
  let found = 0, least = Infinity;
  for (const value of values) {
    const own = cost(value);
    if (own >= least) continue;
    [found, least] = [value, own];
  }
  return found;
}

/** The costs of values in bits, of which some are coded in two parts. */
function toldCosts(
  tables: FrequencyTables,
): NonNullable<WantedLatents["rate"]>["bits"] {
  const fine = valueCosts(tables);
  const parts = new Map<NestedTables, Record<"coarse" | "said", Costs>>();
  return (table, value, told) => {
    if (told === undefined) return fine(table, value);
    const { nested, cells, offset } = told;
    let costs = parts.get(nested);
    if (costs === undefined) {
      const { coarse, said } = nested;
      costs = { coarse: valueCosts(coarse), said: valueCosts(said) };
      parts.set(nested, costs);
    }
    const coarse = coarsen(value, cells);
    return costs.coarse(table, coarse) + costs.said(
      saidTable(table, coarse, offset),
      refinementOf(value, cells),
    );
  };
}

type Costs = (table: number, value: number) => number;
