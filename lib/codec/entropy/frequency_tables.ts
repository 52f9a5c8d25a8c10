/**
 * Tables that say how often each value comes, as whole numbers.
 *
 * A table lists values from its centre outwards, c, c-1, c+1, c-2, c+2, …, and
 * at its end an escape for all that it does not list:
 *
 *     value      7    6    8    5    9   escape        centre 7
 *     place      0    1    2    3    4   5             zigzag of value - 7
 *     frequency  30000 15000 15000 3000 2500 36        sum 65536
 *     cumulative 0   30000 45000 …           65500     65536 beyond the end
 *
 * @module
 */

/** Bits of a frequency: those of a table sum to 2¹⁶. */
export const FREQUENCY_BITS = 16;

/** The sum of the frequencies of a table. */
export const FREQUENCY_SUM = 1 << FREQUENCY_BITS;

/** Values that a table lists at most. */
export const TABLE_LIMIT = 4096;

/** Tables of a {@linkcode FrequencyTables} at most. */
const COUNT_LIMIT = 65536;

/** How often values come. */
export interface FrequencyTable {
  /** The value at place 0, a whole number within -2³¹..2³¹ - 1. */
  readonly centre: number;
  /**
   * In 1/65536, of the values at places 0, 1, …, and at the end of the
   * escape; whole numbers from 1, with a sum of 65536.
   */
  readonly frequencies: ArrayLike<number>;
}

/**
 * Tables in the form in which the coder reads them.
 *
 * @example
 * ```ts
 * import { FrequencyTables } from "@/codec/mod.ts";
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
  /** How many there are. */
  readonly count: number;
  /** `[count]`: the value at place 0 of each. */
  readonly centres: Int32Array<ArrayBuffer>;
  /** `[count]`: how many values each lists; the place of its escape. */
  readonly sizes: Int32Array<ArrayBuffer>;
  /** `[count]`: where each begins in {@linkcode cumulative}. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** For each table the sums of the frequencies before each place, and 65536. */
  readonly cumulative: Uint32Array<ArrayBuffer>;
  /** `[count, 256]`: the place of the sums 0, 256, 512, …, to search from. */
  readonly hints: Uint16Array<ArrayBuffer>;

  /**
   * Checks and lays out tables.
   *
   * @param tables At most 65536, of at most 4096 values.
   * @throws {RangeError} If a table is not as it must be.
   */
  constructor(tables: readonly FrequencyTable[]) {
    if (tables.length > COUNT_LIMIT) {
      throw new RangeError(
        `There can be at most ${COUNT_LIMIT} tables, got ${tables.length}.`,
      );
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
  if (!Number.isInteger(centre) || (centre | 0) !== centre) {
    throw new RangeError(
      `Table ${i} is centred on ${centre}, which is not a whole number of ` +
        "32 bits.",
    );
  }
  const { length } = frequencies;
  if (length < 1 || length > TABLE_LIMIT + 1) {
    throw new RangeError(
      `Table ${i} has ${length} frequencies, which must be within ` +
        `1..${TABLE_LIMIT + 1}.`,
    );
  }
  let sum = 0;
  for (let place = 0; place < length; place++) {
    const frequency = frequencies[place]!;
    if (!Number.isInteger(frequency) || frequency < 1) {
      throw new RangeError(
        `Frequency ${place} of table ${i} is ${frequency}, which is not a ` +
          "whole number from 1.",
      );
    }
    sum += frequency;
  }
  if (sum !== FREQUENCY_SUM) {
    throw new RangeError(
      `The frequencies of table ${i} sum to ${sum} instead of ` +
        `${FREQUENCY_SUM}.`,
    );
  }
}
