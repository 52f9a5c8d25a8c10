/**
 * What the two halves of the entropy coder share.
 *
 * @module
 */
import type { FrequencyTables } from "./frequency_tables.ts";

/**
 * Below this a state takes in bytes, while there are any. States are within
 * 0..2³¹ - 1, so that all arithmetic stays within what a processor and every
 * JavaScript engine do with 32-bit integers.
 */
export const LOWER_BOUND = 1 << 23;

/**
 * The encoder's first state and the decoder's last. The usual choice, the
 * lower bound, takes a byte more. 0 would take two less, but a stream that was
 * read with wrong tables would end there too: a state without bytes left never
 * rises, and falls below this one.
 */
export const FIRST_STATE = 1 << 16;

/** Asserts that each index is that of a table, and that lengths agree. */
export function checkIndices(
  tables: FrequencyTables,
  indices: Uint16Array,
  values: Int32Array,
): void {
  if (indices.length !== values.length) {
    throw new RangeError(
      `There are ${indices.length} tables for ${values.length} values.`,
    );
  }
  const { count } = tables;
  for (let i = 0; i < indices.length; i++) {
    if (indices[i]! >= count) {
      throw new RangeError(
        `Table ${indices[i]} of value ${i} is not in 0..${count - 1}.`,
      );
    }
  }
}
