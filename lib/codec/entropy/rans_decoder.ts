/**
 * The entropy coder's second half: bytes to values.
 *
 * Whatever the bytes are, each value takes a bounded time, is one that its
 * table can code, and nothing is read beyond the end. Whether the bytes were
 * those of these tables shows at the end, in the state and in the bytes left.
 *
 * @module
 */
import { checkIndices, FIRST_STATE, LOWER_BOUND } from "./_rans.ts";
import { FREQUENCY_BITS, type FrequencyTables } from "./frequency_tables.ts";

/**
 * Reads values in the order in which they were coded, in as many calls as the
 * tables of later values need.
 *
 * @example
 * ```ts
 * import { gaussianTables, RansDecoder } from "@/codec/mod.ts";
 * import { assertEquals, assertFalse } from "@std/assert";
 *
 * const decoder = new RansDecoder(Uint8Array.of(1, 2, 3, 4, 5, 6));
 * const values = new Int32Array(3);
 * decoder.decode(gaussianTables(), Uint16Array.of(30, 30, 30), values);
 * assertEquals(Array.from(values), [0, -4, 1]); // some values, of no meaning
 * assertFalse(decoder.atEnd);
 * ```
 */
export class RansDecoder {
  readonly #bytes: Uint8Array;
  #next = 0;
  #state = 0;
  readonly #valid: boolean;

  /**
   * Opens a stream.
   *
   * @param bytes The stream. It is not copied.
   */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const head = Math.min(4, bytes.length);
    while (this.#next < head) {
      this.#state = (this.#state << 8) | bytes[this.#next++]!;
    }
    const first = bytes.length > 4 ? 0 : FIRST_STATE;
    const state = (this.#state >>> 0) + first;
    this.#valid = state < 2 ** 31;
    this.#state = state & 0x7fffffff;
  }

  /**
   * Whether all that was coded has been read, and was coded with the same
   * tables and indices. Others, or a stream that is damaged, pass for right
   * about once in 2¹⁶ times.
   */
  get atEnd(): boolean {
    return this.#valid && this.#state === FIRST_STATE &&
      this.#next === this.#bytes.length;
  }

  /**
   * Reads the next values.
   *
   * @param tables What they were coded with.
   * @param indices The table of each.
   * @param values Takes them.
   * @throws {RangeError} If there is no such table, or the lengths differ.
   */
  decode(
    tables: FrequencyTables,
    indices: Uint16Array,
    values: Int32Array,
  ): void {
    checkIndices(tables, indices, values);
    const { centres, sizes, starts, cumulative, hints } = tables;
    const bytes = this.#bytes, end = bytes.length;
    let next = this.#next, state = this.#state;
    for (let i = 0; i < indices.length; i++) {
      const table = indices[i]!;
      const start = starts[table]!;
      const slot = state & 0xffff;
      let entry = start + hints[(table << 8) + (slot >>> 8)]!;
      let after = cumulative[entry + 1]!;
      while (after <= slot) after = cumulative[++entry + 1]!;
      const before = cumulative[entry]!;
      state = Math.imul(state >>> 16, after - before) + slot - before;
      if (state < LOWER_BOUND && next < end) {
        state = (state << 8) | bytes[next++]!;
        if (state < LOWER_BOUND && next < end) {
          state = (state << 8) | bytes[next++]!;
        }
      }
      const place = entry - start;
      if (place < sizes[table]!) {
        values[i] = centres[table]! + ((place >>> 1) ^ -(place & 1));
      } else {
        this.#next = next;
        this.#state = state;
        const beyond = (place + this.#readEscape()) >>> 0;
        values[i] = centres[table]! + ((beyond >>> 1) ^ -(beyond & 1));
        next = this.#next;
        state = this.#state;
      }
    }
    this.#next = next;
    this.#state = state;
  }

  #readEscape(): number {
    let length = 0;
    while (length < 32 && this.#readBits(1) === 1) length++;
    if (length < 2) return length;
    const rest = length - 1;
    const low = Math.min(rest, 16);
    const high = rest > low ? this.#readBits(rest - low) : 0;
    const below = ((high << low) | this.#readBits(low)) >>> 0;
    return 2 ** rest + below;
  }

  #readBits(count: number): number {
    const shift = FREQUENCY_BITS - count;
    const slot = this.#state & 0xffff;
    let state = ((this.#state >>> 16) << shift) | (slot & ((1 << shift) - 1));
    for (let i = 0; i < 2; i++) {
      if (state < LOWER_BOUND && this.#next < this.#bytes.length) {
        state = (state << 8) | this.#bytes[this.#next++]!;
      }
    }
    this.#state = state;
    return slot >>> shift;
  }
}
