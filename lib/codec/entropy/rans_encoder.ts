/**
 * The entropy coder's first half: values and their tables to bytes.
 *
 * J. Duda, "Asymmetric numeral systems: entropy coding combining speed of
 * Huffman coding with compression rate of arithmetic coding", 2013; the form
 * with whole bytes is F. Giesen's `rans_byte`. One state of 31 bits, frequencies
 * of 16 bits:
 *
 *     encoder   last value ──▶ first value    65536 ──▶ state
 *                        bytes, from the stream's end to its start
 *     decoder   first value ──▶ last value    state ──▶ 65536
 *
 * @see {@link https://github.com/rygorous/ryg_rans}
 * @module
 */
import { checkIndices, FIRST_STATE } from "./_rans.ts";
import { FREQUENCY_BITS, type FrequencyTables } from "./frequency_tables.ts";

/**
 * Bytes kept free before each value: it takes 14 at most (16 bits, 63 of an
 * escape, and what the state gives up), and the last state 4.
 */
const ROOM = 18;

interface Part {
  readonly tables: FrequencyTables;
  readonly indices: Uint16Array;
  readonly values: Int32Array;
}

/**
 * Codes values. They are kept until {@linkcode RansEncoder.finish}, since the
 * last one is coded first.
 *
 * @example
 * ```ts
 * import { gaussianTables, RansDecoder, RansEncoder } from "@/codec/mod.ts";
 * import { assert, assertEquals } from "@std/assert";
 *
 * const tables = gaussianTables();
 * const scales = Uint16Array.of(21, 21, 40, 0); // 1, 1, 9, 0.09
 * const encoder = new RansEncoder();
 * encoder.push(tables, scales, Int32Array.of(1, -2, 13, 0));
 * const bytes = encoder.finish();
 * assertEquals(bytes.length, 4);
 *
 * const values = new Int32Array(4);
 * const decoder = new RansDecoder(bytes);
 * decoder.decode(tables, scales, values);
 * assertEquals(Array.from(values), [1, -2, 13, 0]);
 * assert(decoder.atEnd);
 * ```
 */
export class RansEncoder {
  #parts: Part[] = [];
  #state = FIRST_STATE;
  #bytes = new Uint8Array(0);
  /** Where the first byte that is written lies in `#bytes`. */
  #start = 0;

  /**
   * Adds values after those that there are.
   *
   * @param tables What they are coded with.
   * @param indices The table of each.
   * @param values Whole numbers of 32 bits. They are not copied, and may not
   * change before the end.
   * @throws {RangeError} If there is no such table, or the lengths differ.
   */
  push(
    tables: FrequencyTables,
    indices: Uint16Array,
    values: Int32Array,
  ): void {
    checkIndices(tables, indices, values);
    this.#parts.push({ tables, indices, values });
  }

  /**
   * Codes all values; the encoder is then as new.
   *
   * @returns The stream, of its own.
   */
  finish(): Uint8Array<ArrayBuffer> {
    const count = this.#parts.reduce((n, { values }) => n + values.length, 0);
    this.#bytes = new Uint8Array(64 + (count >> 1));
    this.#start = this.#bytes.length;
    this.#state = FIRST_STATE;
    for (const part of this.#parts.toReversed()) this.#encode(part);
    this.#parts = [];
    const bytes = this.#bytes;
    this.#bytes = new Uint8Array(0);
    return bytes.slice(this.#putState(bytes));
  }

  /**
   * Before the bytes: four of the state. If it is alone, as many as it needs
   * above the first state, so that no values make no bytes.
   */
  #putState(bytes: Uint8Array): number {
    const alone = this.#start === bytes.length;
    let at = this.#start;
    let state = alone ? this.#state - FIRST_STATE : this.#state;
    for (let i = 0; alone ? state > 0 : i < 4; i++) {
      bytes[--at] = state;
      state >>>= 8;
    }
    return at;
  }

  #encode({ tables, indices, values }: Part): void {
    const { centres, sizes, starts, cumulative } = tables;
    let bytes = this.#bytes, at = this.#start, state = this.#state;
    for (let i = indices.length - 1; i >= 0; i--) {
      const table = indices[i]!;
      const size = sizes[table]!;
      const offset = (values[i]! - centres[table]!) | 0;
      let place = ((offset << 1) ^ (offset >> 31)) >>> 0;
      if (at < ROOM || place >= size) {
        this.#start = at;
        this.#state = state;
        if (at < ROOM) this.#grow();
        if (place >= size) {
          this.#pushEscape(place - size);
          place = size;
        }
        bytes = this.#bytes;
        at = this.#start;
        state = this.#state;
      }
      const entry = starts[table]! + place;
      const before = cumulative[entry]!;
      const frequency = cumulative[entry + 1]! - before;
      // The state after this value must stay below 2^31.
      if (state >>> 15 >= frequency) {
        bytes[--at] = state;
        state >>>= 8;
        if (state >>> 15 >= frequency) {
          bytes[--at] = state;
          state >>>= 8;
        }
      }
      const quotient = (state / frequency) | 0;
      state = (quotient << 16) + (state - Math.imul(quotient, frequency)) +
        before;
    }
    this.#start = at;
    this.#state = state;
  }

  /** Elias's gamma code of `excess + 1`, extended to 32 bits; see FORMAT.md. */
  #pushEscape(excess: number): void {
    const length = 32 - Math.clz32(excess);
    const rest = length - 1; // bits below the highest
    if (rest > 0) {
      const low = Math.min(rest, 16);
      this.#pushBits(excess & ((1 << low) - 1), low);
      const high = rest - low;
      if (high > 0) this.#pushBits((excess >>> 16) & ((1 << high) - 1), high);
    }
    if (length < 32) this.#pushBits(0, 1);
    for (let i = 0; i < length; i++) this.#pushBits(1, 1);
  }

  /** Codes 1 to 16 bits that are 0 or 1 with one probability. */
  #pushBits(bits: number, count: number): void {
    const shift = FREQUENCY_BITS - count;
    let state = this.#state;
    while (state >>> (15 + shift) > 0) {
      this.#bytes[--this.#start] = state;
      state >>>= 8;
    }
    const rest = state & ((1 << shift) - 1);
    this.#state = ((state >>> shift) << 16) + (bits << shift) + rest;
  }

  #grow(): void {
    const used = this.#bytes.subarray(this.#start);
    const larger = new Uint8Array(2 * this.#bytes.length + ROOM);
    larger.set(used, larger.length - used.length);
    this.#start = larger.length - used.length;
    this.#bytes = larger;
  }
}
