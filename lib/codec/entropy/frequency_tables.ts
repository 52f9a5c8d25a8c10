/**
 * Tables of the frequencies of values, in whole numbers.
 *
 * A table lists values from its centre outwards, c, c-1, c+1, c-2, c+2, …, and
 * at its end an escape for all values that it does not list:
 *
 *     value      7    6    8    5    9   escape        centre 7
 *     place      0    1    2    3    4   5             zigzag of value - 7
 *     frequency  30000 15000 15000 3000 2500 36        sum 65536
 *     cumulative 0   30000 45000 …           65500     65536 beyond the end
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";

/** Bits of a frequency: those of a table sum to 2¹⁶. */
export const FREQUENCY_BITS = 16;

/** The sum of the frequencies of a table. */
export const FREQUENCY_SUM = 1 << FREQUENCY_BITS;

/** Maximum values that a table lists. */
export const TABLE_LIMIT = 4096;

/** Maximum tables of a {@linkcode FrequencyTables}. */
const COUNT_LIMIT = 65536;

/** The frequencies of values. */
export interface FrequencyTable {
  /** The value at place 0, a whole number within -2³¹..2³¹ - 1. */
  readonly centre: number;
  /**
   * Frequencies in 1/65536 of the values at places 0, 1, …, and last of the
   * escape: whole numbers from 1 with the sum 65536.
   */
  readonly frequencies: ArrayLike<number>;
}

/**
 * Tables in the form in which the coder reads them.
 *
 * @example
 * ```ts
 * import { FrequencyTables } from "./frequency_tables.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tables = new FrequencyTables([
 *   { centre: 7, frequencies: [30000, 15000, 15000, 3000, 2500, 36] },
 *   { centre: 0, frequencies: [65535, 1] },
 * ]);
 * assertEquals(tables.count, 2);
 * ```
 */
export class FrequencyTables {
  /** The number of tables. */
  readonly count: number;
  /** `[count]`: the value at place 0 of each table. */
  readonly centres: Int32Array<ArrayBuffer>;
  /** `[count]`: the number of values that each lists; its escape's place. */
  readonly sizes: Int32Array<ArrayBuffer>;
  /** `[count]`: the index in {@linkcode cumulative} where each begins. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** For each table the sums of the frequencies before each place, and 65536. */
  readonly cumulative: Uint32Array<ArrayBuffer>;
  /** `[count, 256]`: the place of the sums 0, 256, 512, …, to search from. */
  readonly hints: Uint16Array<ArrayBuffer>;

  /**
   * Checks tables and lays them out.
   *
   * @param tables At most 65536 tables of at most 4096 values each.
   * @throws {RangeError} If there are too many tables or a table is invalid.
   */
  constructor(tables: readonly FrequencyTable[]) {
    if (tables.length > COUNT_LIMIT) {
      throw invalid("tables.length", `at most ${COUNT_LIMIT}`, tables.length);
    }
    tables.forEach(checkTable);
    const lengths = tables.map(({ frequencies }) => frequencies.length);
    this.count = tables.length;
    this.centres = Int32Array.from(tables, ({ centre }) => centre);
    this.sizes = Int32Array.from(lengths, (length) => length - 1);
    this.starts = new Int32Array(this.count);
    this.cumulative = new Uint32Array(
      lengths.reduce((sum, length) => sum + length + 1, 0),
    );
    this.hints = new Uint16Array(256 * this.count);
    let start = 0;
    tables.forEach(({ frequencies }, table) => {
      this.starts[table] = start;
      this.#fill(table, start, frequencies);
      start += frequencies.length + 1;
    });
  }

  #fill(table: number, start: number, frequencies: ArrayLike<number>): void {
    let sum = 0, hint = 0;
    for (let place = 0; place < frequencies.length; place++) {
      sum += frequencies[place]!;
      this.cumulative[start + place + 1] = sum;
      while (256 * hint < sum) this.hints[256 * table + hint++] = place;
    }
  }
}

function checkTable({ centre, frequencies }: FrequencyTable, i: number): void {
  const name = `tables[${i}]`;
  if (!Number.isInteger(centre) || (centre | 0) !== centre) {
    throw invalid(`${name}.centre`, "a whole number of 32 bits", centre);
  }
  const { length } = frequencies;
  if (length < 1 || length > TABLE_LIMIT + 1) {
    throw invalid(
      `${name}.frequencies.length`,
      `in 1..${TABLE_LIMIT + 1}`,
      length,
    );
  }
  let sum = 0;
  for (let place = 0; place < length; place++) {
    const frequency = frequencies[place]!;
    if (!Number.isInteger(frequency) || frequency < 1) {
      throw invalid(
        `${name}.frequencies[${place}]`,
        "a whole number from 1",
        frequency,
      );
    }
    sum += frequency;
  }
  if (sum !== FREQUENCY_SUM) {
    throw invalid(`The sum of ${name}.frequencies`, `${FREQUENCY_SUM}`, sum);
  }
}
