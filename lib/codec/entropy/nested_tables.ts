/**
 * Tables of the nested quantiser, made from those of fine values, so that no
 * probabilities have to be stored or predicted for it.
 *
 * @module
 */

import { FREQUENCY_SUM, FrequencyTables } from "./frequency_tables.ts";

/** Coarse values from which on refinements share a table. */
const LAST_COARSE = 8;

/** Maximum half steps from the centre of what is said, of either sign. */
const MAX_OFFSET = 7;

/** Tables of refinements for each table of fine values, where more is said. */
const SAID_TABLES = 2 * MAX_OFFSET + 1 + LAST_COARSE;

/** Tables for r fine cells in a coarse one. */
export interface NestedTables {
  /** Of coarse values: one table per table of fine values. */
  readonly coarse: FrequencyTables;
  /** Of refinements; see {@linkcode refinementTable}. */
  readonly refinement: FrequencyTables;
  /**
   * Of refinements where the frame before says the fine value; see
   * {@linkcode saidTable}. Made when they are first used.
   */
  readonly said: FrequencyTables;
}

/**
 * The table of a refinement.
 *
 * @param table The table of the fine value.
 * @param coarse The coarse value.
 * @returns Its index in {@linkcode NestedTables.refinement}.
 */
export function refinementTable(table: number, coarse: number): number {
  return table * (LAST_COARSE + 1) + Math.min(LAST_COARSE, Math.abs(coarse));
}

/**
 * The table of a refinement where the frame before says the fine value.
 *
 * @param table The table of the fine value.
 * @param coarse The coarse value.
 * @param offset What is said minus the mean, in 1/16 of a step, a whole number.
 * @returns Its index in {@linkcode NestedTables.said}.
 */
export function saidTable(
  table: number,
  coarse: number,
  offset: number,
): number {
  if (coarse !== 0) {
    return table * SAID_TABLES + 2 * MAX_OFFSET +
      Math.min(LAST_COARSE, Math.abs(coarse));
  }
  const halfSteps = Math.floor((offset + 4) / 8);
  return table * SAID_TABLES + MAX_OFFSET +
    Math.max(-MAX_OFFSET, Math.min(MAX_OFFSET, halfSteps));
}

/**
 * The coarse value of a fine one.
 *
 * @param fine Any whole number.
 * @param cells Fine cells in a coarse one, r.
 * @returns `sign(fine) · ⌊|fine| / r⌋`.
 */
export function coarsen(fine: number, cells: number): number {
  return Math.trunc(fine / cells) + 0;
}

/**
 * What is coded of a fine value once its coarse one is known.
 *
 * @param fine The fine value.
 * @param cells Fine cells in a coarse one, r.
 * @returns The value itself in the coarse cell 0; else the place in the coarse
 * cell, counted from 0 outwards as 0, -1, 1, -2 …
 */
export function refinementOf(fine: number, cells: number): number {
  const size = Math.abs(fine);
  return size < cells ? fine : zigzag(size % cells);
}

/**
 * The fine value, from both.
 *
 * @param coarse The coarse value.
 * @param refinement From {@linkcode refinementOf}; others are clipped.
 * @param cells Fine cells in a coarse one, r.
 * @returns The fine value.
 */
export function refineValue(
  coarse: number,
  refinement: number,
  cells: number,
): number {
  const last = cells - 1;
  if (coarse === 0) return Math.max(-last, Math.min(last, refinement));
  const place = refinement < 0 ? -2 * refinement - 1 : 2 * refinement;
  return Math.sign(coarse) *
    (Math.abs(coarse) * cells + Math.min(place, last));
}

/**
 * Makes the tables of coarse values and of refinements.
 *
 * @param fine Tables of fine values, each around 0.
 * @param cells Fine cells in a coarse one, r, at least 2.
 * @returns Tables in whole numbers, the same on every machine.
 */
export function nestedTables(
  fine: FrequencyTables,
  cells: number,
): NestedTables {
  const coarse = [], refinement: number[][] = [];
  for (let table = 0; table < fine.count; table++) {
    const size = fine.sizes[table]!;
    const of = (value: number) => frequencyOf(fine, table, value);
    const last = (size - 1) / 2; // largest listed value
    const whole = Math.max(0, Math.floor((last + 1) / cells) - 1);
    const middle = range(2 * cells - 1).map((i) => of(i - cells + 1));
    const sums = [sum(middle)];
    for (let value = 1; value <= whole; value++) {
      for (const sign of [-1, 1]) {
        sums.push(sum(range(cells).map((i) => of(sign * (cells * value + i)))));
      }
    }
    coarse.push({
      centre: 0,
      frequencies: [...sums, FREQUENCY_SUM - sum(sums)],
    });
    // Values 0, -1, 1, …, as tables list them.
    refinement.push(spread(range(2 * cells - 1).map((i) => of(zigzag(i)))));
    for (let value = 1; value <= LAST_COARSE; value++) {
      const found = range(cells).map((i) => of(cells * value + i));
      refinement.push(spread(value <= whole ? found : found.map(() => 1)));
    }
  }
  let said: FrequencyTables | undefined;
  return {
    coarse: new FrequencyTables(coarse),
    refinement: aroundZero(refinement),
    get said() {
      return said ??= saidTables(fine, cells, refinement);
    },
  };
}

/**
 * Makes the tables of refinements where the frame before says the fine value: in
 * the coarse cell 0 those of a narrower distribution, moved towards what is said,
 * elsewhere those of `refinement`.
 */
function saidTables(
  fine: FrequencyTables,
  cells: number,
  refinement: readonly (readonly number[])[],
): FrequencyTables {
  const found: (readonly number[])[] = [];
  for (let table = 0; table < fine.count; table++) {
    // What fits clips: half as wide, and 3/4 of the way, but for small scales.
    const narrow = Math.max(Math.min(table, 6), table - 6);
    const eighths = table < 4 ? 1 : table < 9 ? 2 : 3;
    for (let offset = -MAX_OFFSET; offset <= MAX_OFFSET; offset++) {
      const moved = Math.floor(offset * eighths / 8);
      const part = offset * eighths - 8 * moved;
      const of = (value: number) => frequencyOf(fine, narrow, value - moved);
      found.push(spread(
        range(2 * cells - 1).map((i) => zigzag(i)).map((value) =>
          (8 - part) * of(value) + part * of(value - 1) + 1
        ),
      ));
    }
    const first = table * (LAST_COARSE + 1);
    found.push(...refinement.slice(first + 1, first + LAST_COARSE + 1));
  }
  return aroundZero(found);
}

function aroundZero(tables: readonly (readonly number[])[]): FrequencyTables {
  return new FrequencyTables(
    tables.map((frequencies) => ({ centre: 0, frequencies })),
  );
}

/** The frequency of a value that a table around 0 lists; 0 for others. */
function frequencyOf(
  { sizes, starts, cumulative }: FrequencyTables,
  table: number,
  value: number,
): number {
  const place = value < 0 ? -2 * value - 1 : 2 * value;
  if (place >= sizes[table]!) return 0;
  const at = starts[table]! + place;
  return cumulative[at + 1]! - cumulative[at]!;
}

/** Whole numbers to frequencies with an escape of 1 that nobody needs. */
function spread(counts: readonly number[]): number[] {
  const total = sum(counts);
  const free = FREQUENCY_SUM - 1 - counts.length;
  const found = counts.map((count) => 1 + Math.floor(count * free / total));
  found[0]! += FREQUENCY_SUM - 1 - sum(found);
  return [...found, 1];
}

function zigzag(place: number): number {
  return (place >>> 1) ^ -(place & 1);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
