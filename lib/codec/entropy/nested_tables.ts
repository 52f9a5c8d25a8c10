/**
 * Tables of the nested quantiser, made from those of fine values, so that no
 * probabilities have to be stored or predicted for it.
 *
 * @module
 */

import { FREQUENCY_SUM, FrequencyTables } from "./frequency_tables.ts";
import { GAUSSIAN_SCALES } from "./gaussian_tables.ts";
import { multipleOf, TRELLIS_SCALE, trellisTable, valueOf } from "./trellis.ts";

/** Coarse values from which on refinements share a table. */
const LAST_COARSE = 8;

/** Maximum half steps from the centre of what is said, of either sign. */
const MAX_OFFSET = 7;

/** Tables of refinements for each table of fine values, where more is said. */
const SAID_TABLES = 2 * MAX_OFFSET + 1 + LAST_COARSE;

/** Tables for r fine cells in a coarse one. */
export interface NestedTables {
  /**
   * Of coarse values: one table per scale, then one per scale that follows the
   * trellis, whatever the quantiser.
   */
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
  return Math.sign(coarse) *
    (Math.abs(coarse) * cells + Math.min(placeOf(refinement), last));
}

/** The first multiple of a coarse cell that a quantiser has. */
function firstIn(coarse: number, cells: number, state: number): number {
  const first = coarse * cells;
  return first + ((first + state) & 1);
}

/**
 * What is coded of a multiple once its coarse value is known.
 *
 * @param multiple The multiple of the fine step.
 * @param cells Fine cells in a coarse one, r.
 * @returns The value itself in the coarse cell 0; else the place among those that
 * the quantiser has in the coarse cell, counted as by {@linkcode refinementOf}.
 */
export function pathRefinementOf(multiple: number, cells: number): number {
  const coarse = Math.abs(coarsen(multiple, cells));
  if (coarse === 0) return valueOf(multiple);
  return zigzag((Math.abs(multiple) - firstIn(coarse, cells, multiple)) / 2);
}

/**
 * The multiple, from both.
 *
 * @param coarse The coarse value.
 * @param refinement From {@linkcode pathRefinementOf}; others are clipped.
 * @param cells Fine cells in a coarse one, r.
 * @param state The state before the value.
 * @returns The multiple of the fine step.
 */
export function refineMultiple(
  coarse: number,
  refinement: number,
  cells: number,
  state: number,
): number {
  const size = Math.abs(coarse);
  const last = lastIn(size, cells, state);
  if (coarse === 0) {
    return multipleOf(Math.max(-last, Math.min(last, refinement)), state);
  }
  const first = valueOf(firstIn(size, cells, state));
  const value = Math.min(first + placeOf(refinement), last);
  return Math.sign(coarse) * multipleOf(value, state);
}

/** The values of a coarse cell from 0 that a quantiser has, inside out. */
function valuesIn(coarse: number, cells: number, state: number): number[] {
  if (coarse === 0) return range(2 * lastIn(0, cells, state) + 1).map(zigzag);
  const first = valueOf(firstIn(coarse, cells, state));
  return range(lastIn(coarse, cells, state) - first + 1).map((i) => first + i);
}

/** The last value of a coarse cell from 0 that a quantiser has. */
function lastIn(coarse: number, cells: number, state: number): number {
  return ((coarse + 1) * cells - 1 + (state & 1)) >> 1;
}

/**
 * Makes the tables of coarse values and of refinements.
 *
 * @param fine Tables of fine values, each around 0; those of the trellis may
 * follow.
 * @param cells Fine cells in a coarse one, r, at least 2.
 * @returns Tables in whole numbers, the same on every machine.
 */
export function nestedTables(
  fine: FrequencyTables,
  cells: number,
): NestedTables {
  const coarse: number[][] = [];
  const refinement: number[][][] = [];
  /** Adds tables of one scale, by its quantisers' tables and values in a cell. */
  const add = (
    tables: readonly number[],
    valuesOf: (coarse: number, state: number) => number[],
  ) => {
    const countsOf = (value: number, sign = 1) =>
      tables.map((table, state) =>
        valuesOf(value, state).map((one) =>
          frequencyOf(fine, table, sign * one)
        )
      );
    const isListed = (value: number) =>
      tables.every((table, state) =>
        2 * valuesOf(value, state).at(-1)! < fine.sizes[table]!
      );
    let whole = 0;
    while (isListed(whole + 1)) whole++;
    const sums = range(whole + 1).flatMap((value) =>
      (value === 0 ? [1] : [-1, 1]).map((sign) =>
        Math.floor(sum(countsOf(value, sign).flat()) / tables.length)
      )
    );
    coarse.push([...sums, FREQUENCY_SUM - sum(sums)]);
    const rows = range(LAST_COARSE + 1).map((value) =>
      countsOf(value).map((counts) =>
        spread(value <= whole ? counts : counts.map(() => 1))
      )
    );
    tables.forEach((table, state) =>
      refinement[table] = rows.map((row) => row[state]!)
    );
  };
  for (let scale = 0; scale < GAUSSIAN_SCALES; scale++) {
    add(
      [scale],
      (value) =>
        value === 0
          ? range(2 * cells - 1).map(zigzag)
          : range(cells).map((i) => cells * value + i),
    );
  }
  for (
    let scale = TRELLIS_SCALE;
    scale < GAUSSIAN_SCALES && fine.count > GAUSSIAN_SCALES;
    scale++
  ) {
    add(
      [trellisTable(scale, 0), trellisTable(scale, 1)],
      (value, state) => valuesIn(value, cells, state),
    );
  }
  let said: FrequencyTables | undefined;
  return {
    coarse: aroundZero(coarse),
    refinement: aroundZero(refinement.flat()),
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
  refinement: readonly (readonly number[][])[],
): FrequencyTables {
  const found: (readonly number[])[] = [];
  for (let table = 0; table < GAUSSIAN_SCALES; table++) {
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
    found.push(...refinement[table]!.slice(1));
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
  const place = placeOf(value);
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

/** The place of a value in a table around 0. */
function placeOf(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** The value of a place. */
function zigzag(place: number): number {
  return (place >>> 1) ^ -(place & 1);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
