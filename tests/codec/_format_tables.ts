/**
 * The tables of FORMAT.md that are not in the weights, for a decoder in plain
 * loops.
 *
 * @module
 */
import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import type { RansDecoder } from "@/codec/entropy/rans.ts";

/** The index of the table of a logarithm of a scale. */
export function table(s: number): number {
  return Math.min(63, Math.max(0, Math.floor((s + 4) / 8) + 21));
}

/** The next value of a stream. */
export function value(
  decoder: RansDecoder,
  tables: FrequencyTables,
  index: number,
): number {
  const values = new Int32Array(1);
  decoder.decode(tables, Uint16Array.of(index), values);
  return values[0]!;
}

const marks = (p: readonly number[]) =>
  new FrequencyTables(
    p.map((p) => ({ centre: 0, frequencies: [65534 - p, 1, p, 1] })),
  );
/** Of superblocks without corrections. */
export const PLAIN = marks([600, 20000, 50000]);
/** Of superblocks without values. */
export const EMPTY = marks([6000, 36000, 60000]);
/** Whether all, none or some superblocks have values. */
export const EXTENT = new FrequencyTables([
  { centre: 0, frequencies: [21845, 21845, 21845, 1] },
]);

const made = new Map<
  FrequencyTables,
  Map<number, ReturnType<typeof makeNested>>
>();

/** Tables of coarse values and of refinements, for r fine values in one. */
export function nested(fine: FrequencyTables, r: number) {
  const ofTables = made.get(fine) ?? new Map();
  made.set(fine, ofTables);
  const found = ofTables.get(r) ?? makeNested(fine, r);
  ofTables.set(r, found);
  return found;
}

/** Tables of coarse values and of refinements. */
function makeNested(fine: FrequencyTables, r: number) {
  const coarse: number[][] = [], refinement: number[][] = [];
  const said: number[][] = [];
  const frequencies = (counts: number[]) => {
    const total = sum(counts);
    const found = counts.map((count) =>
      1 + Math.floor(count * (65535 - counts.length) / total)
    );
    found[0]! += 65535 - sum(found);
    return [...found, 1];
  };
  const sum = (all: number[]) => all.reduce((sum, one) => sum + one, 0);
  for (let t = 0; t < 64; t++) {
    const n = fine.sizes[t]!;
    const f = (value: number) => listed(fine, t, value);
    const parts = (j: number) => Array.from({ length: r }, (_, i) => r * j + i);
    const last = Math.max(0, Math.floor((n + 1) / (2 * r)) - 1);
    const zero = Array.from(
      { length: 2 * r - 1 },
      (_, k) => k % 2 === 0 ? k / 2 : -(k + 1) / 2,
    );
    const row = [sum(zero.map(f))];
    const rows = [zero.map(f)];
    for (let j = 1; j <= last; j++) {
      row.push(sum(parts(j).map((i) => f(-i))), sum(parts(j).map(f)));
    }
    coarse.push([...row, 65536 - sum(row)]);
    for (let j = 1; j <= 8; j++) {
      rows.push(parts(j).map((i) => j <= last ? f(i) : 1));
    }
    refinement.push(...rows.map(frequencies));
    const narrow = Math.max(Math.min(t, 6), t - 6);
    for (let b = -7; b <= 7; b++) {
      const m = b * (t < 4 ? 1 : t < 9 ? 2 : 3), i = Math.floor(m / 8);
      const F = (value: number) => listed(fine, narrow, value);
      said.push(
        frequencies(
          zero.map((v) =>
            (8 - m + 8 * i) * F(v - i) + (m - 8 * i) * F(v - i - 1) + 1
          ),
        ),
      );
    }
    said.push(...rows.slice(1).map(frequencies));
  }
  const [coarsePath, refinementPath] = pathTables(fine, r);
  coarse.push(...coarsePath);
  refinement.push(...refinementPath.map(frequencies));
  const tables = (all: number[][]) =>
    new FrequencyTables(all.map((frequencies) => ({ centre: 0, frequencies })));
  return {
    coarse: tables(coarse),
    refinement: tables(refinement),
    said: tables(said),
  };
}

/** The first scale whose values follow the trellis. */
export const FIRST_PATH = 3;
const PATHS = 64 - FIRST_PATH;

/** The table of a value that follows the trellis. */
export function pathTable(t: number, state: number): number {
  return 64 + PATHS * (state % 2) + t - FIRST_PATH;
}

/** The state after a value. */
export function stateAfter(state: number, k: number): number {
  const odd = Math.abs(k) % 2 === 1;
  return (state >> 1) ^ (state % 2 === 1 ? 0x4e : 0) ^ (odd ? 0x2b : 0);
}

/** The multiple of the fine step that a value stands for. */
export function multiple(k: number, state: number): number {
  return 2 * k - (state % 2) * Math.sign(k);
}

/** The values of a quantiser in the coarse cell j >= 0, R multiples wide. */
export function valuesIn(j: number, R: number, quantiser: number): number[] {
  const found: number[] = [];
  for (let k = 0; k <= R * (j + 1); k++) {
    const m = multiple(k, quantiser);
    if (m < R * j || m >= R * (j + 1)) continue;
    if (j === 0 && k > 0) found.push(-k);
    found.push(k);
  }
  return found;
}

/** Frequencies of coarse values, and counts of refinements. */
function pathTables(
  fine: FrequencyTables,
  r: number,
): [coarse: number[][], refinement: number[][]] {
  const coarse: number[][] = [];
  const refinement: [number[][], number[][]] = [[], []];
  if (fine.count === 64) return [[], []];
  const R = r;
  const sum = (all: number[]) => all.reduce((sum, one) => sum + one, 0);
  for (let t = FIRST_PATH; t < 64; t++) {
    const of = [pathTable(t, 0), pathTable(t, 1)];
    let last = 0;
    const isWhole = (quantiser: number) =>
      valuesIn(last + 1, R, quantiser)
        .every((k) => 2 * k < fine.sizes[of[quantiser]!]!);
    while (isWhole(0) && isWhole(1)) last++;
    const counts = (j: number, quantiser: number, sign = 1) =>
      valuesIn(j, R, quantiser)
        .map((k) => listed(fine, of[quantiser]!, sign * k));
    const row: number[] = [];
    for (let j = 0; j <= last; j++) {
      for (const sign of j === 0 ? [1] : [-1, 1]) {
        const both = [...counts(j, 0, sign), ...counts(j, 1, sign)];
        row.push(Math.floor(sum(both) / 2));
      }
    }
    coarse.push([...row, 65536 - sum(row)]);
    for (const quantiser of [0, 1] as const) {
      for (let j = 0; j <= 8; j++) {
        const found = counts(j, quantiser);
        refinement[quantiser].push(j <= last ? found : found.map(() => 1));
      }
    }
  }
  return [coarse, refinement.flat()];
}

/** The frequency of a value in a table of fine values; 0 if it is not listed. */
function listed(fine: FrequencyTables, t: number, value: number): number {
  const k = value < 0 ? -2 * value - 1 : 2 * value;
  const start = fine.starts[t]! + k;
  const [before, after] = fine.cumulative.slice(start, start + 2);
  return k < fine.sizes[t]! ? after! - before! : 0;
}
