/**
 * What values cost, for the encoder's choices.
 *
 * @module
 */
import { FREQUENCY_SUM, type FrequencyTables } from "./frequency_tables.ts";

/** Bits of a value of a table. */
type ValueCosts = (table: number, value: number) => number;

const known = new WeakMap<FrequencyTables, ValueCosts>();

/**
 * The costs of values in bits. For a value that its table does not list, only
 * the escape counts.
 *
 * @param tables The tables.
 * @returns A function of a table's index and a value.
 */
export function valueCosts(tables: FrequencyTables): ValueCosts {
  let costs = known.get(tables);
  if (costs === undefined) known.set(tables, costs = makeCosts(tables));
  return costs;
}

function makeCosts(
  { centres, sizes, starts, cumulative }: FrequencyTables,
): ValueCosts {
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
