/**
 * Tables of how values really fall, in place of normal distributions.
 *
 * @module
 */

import type { ValueCoder } from "@/codec/model/code_latents.ts";
import { fitTable } from "./fit_table.ts";
import {
  type FrequencyTable,
  FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import {
  gaussianTable,
  gaussianTables,
} from "@/codec/entropy/gaussian_tables.ts";

/** Values beyond it are left to the escape. */
const REACH = 400;

/** The normal distribution counts as much as so many values. */
const PRIOR = 2000;

/** Counts values in place of coding them. */
export class ValueCounter implements ValueCoder {
  /** Of each table, how often -400..400 came, and all else. */
  readonly counts: Float64Array[] = Array.from(
    { length: gaussianTables().count },
    () => new Float64Array(2 * REACH + 2),
  );

  /** Counts. */
  code(_: FrequencyTables, indices: Uint16Array, values: Int32Array): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      const place = Math.abs(value) > REACH ? 2 * REACH + 1 : value + REACH;
      this.counts[indices[i]!]![place]!++;
    }
  }

  /** The tables that fit what was counted. */
  tables(): FrequencyTables {
    return new FrequencyTables(
      this.counts.map((counts, index) => fitOne(counts, gaussianTable(index))),
    );
  }
}

function fitOne(counts: Float64Array, prior: FrequencyTable): FrequencyTable {
  const { frequencies } = prior;
  const size = frequencies.length - 1;
  const half = (size - 1) / 2;
  const weights = new Float64Array(size);
  for (let place = 0; place < size; place++) {
    const value = (place >>> 1) ^ -(place & 1);
    // Either sign is as likely.
    const found = Math.abs(value) > REACH ? 0 : (
      counts[REACH + value]! + counts[REACH - value]!
    ) / 2;
    weights[value + half] = found + PRIOR * frequencies[place]! / 65536;
  }
  let escape = PRIOR * frequencies[size]! / 65536 + counts.at(-1)!;
  for (let value = half + 1; value <= REACH; value++) {
    escape += counts[REACH + value]! + counts[REACH - value]!;
  }
  return fitTable(-half, weights, escape);
}
