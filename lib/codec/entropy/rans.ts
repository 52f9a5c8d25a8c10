/**
 * The entropy coder: values and their tables to bytes and back.
 *
 * J. Duda, "Asymmetric numeral systems: entropy coding combining speed of
 * Huffman coding with compression rate of arithmetic coding", 2013; the form
 * that writes whole bytes is F. Giesen's `rans_byte`. One state of 31 bits,
 * frequencies of 16 bits:
 *
 *     encoder   last value ──▶ first value    65536 ──▶ state
 *                        bytes, from the stream's end to its start
 *     decoder   first value ──▶ last value    state ──▶ 65536
 *
 * Whatever the bytes are, the decoder takes a bounded time per value, returns
 * values that their tables can code, and reads nothing beyond the end. Whether
 * the bytes were written with these tables shows at the end, in the state and
 * in the bytes left.
 *
 * @see {@link https://github.com/rygorous/ryg_rans}
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import { FREQUENCY_BITS, type FrequencyTables } from "./frequency_tables.ts";

/**
 * A state below it takes in bytes, while there are any. States are within
 * 0..2³¹ - 1, so that all arithmetic stays within what a processor and every
 * JavaScript engine do with 32-bit integers.
 */
const LOWER_BOUND = 1 << 23;

/**
 * The encoder's first state and the decoder's last. The usual choice, the
 * lower bound, takes a byte more. 0 would take two less, but a stream that was
 * read with the wrong tables would end there too: a state without bytes left
 * never rises, and falls below this one.
 */
const FIRST_STATE = 1 << 16;

/**
 * Bytes kept free before each value, which takes at most 14 (16 bits, 63 bits of
 * an escape, and what the state gives up); the last state takes 4.
 */
const ROOM = 18;

/** Values that were pushed together. */
interface PushedValues {
  readonly tables: FrequencyTables;
  readonly indices: Uint16Array;
  readonly values: Int32Array;
}

/**
 * Codes values. They are kept until {@linkcode RansEncoder.finish}, because the
 * last one is coded first.
 *
 * @example
 * ```ts
 * import { gaussianTables } from "./gaussian_tables.ts";
 * import { RansDecoder, RansEncoder } from "./rans.ts";
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
  #parts: PushedValues[] = [];
  #state = FIRST_STATE;
  #bytes = new Uint8Array(0);
  /** Index in `#bytes` of the first byte that was written. */
  #start = 0;

  /**
   * Appends values.
   *
   * @param tables The tables that they are coded with.
   * @param indices The index of each value's table.
   * @param values Whole numbers of 32 bits. They are not copied and must not
   * change until {@linkcode RansEncoder.finish}.
   * @throws {RangeError} If an index has no table, or the lengths differ.
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
   * Codes all values and resets the encoder.
   *
   * @returns The stream.
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
   * Puts the state in front of the bytes: four bytes, or, if there are no others,
   * as few as it needs above the first state, so that no values make no bytes.
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

  #encode({ tables, indices, values }: PushedValues): void {
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

  /** Codes 1 to 16 bits, each of which is as often 0 as 1. */
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

/**
 * Reads values in the order in which they were pushed, in any number of calls,
 * because the tables of later values may depend on earlier ones.
 *
 * @example
 * ```ts
 * import { gaussianTables } from "./gaussian_tables.ts";
 * import { RansDecoder } from "./rans.ts";
 * import { assertEquals, assertFalse } from "@std/assert";
 *
 * const decoder = new RansDecoder(Uint8Array.of(1, 2, 3, 4, 5, 6));
 * const values = new Int32Array(3);
 * decoder.decode(gaussianTables(), Uint16Array.of(30, 30, 30), values);
 * assertEquals(Array.from(values), [0, -4, 1]); // meaningless values
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
   * @param bytes The stream, which is not copied.
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
   * Whether everything that was coded has been read with the right tables and
   * indices. Wrong tables and damaged streams go unnoticed about once in 2¹⁶
   * times.
   */
  get atEnd(): boolean {
    return this.#valid && this.#state === FIRST_STATE &&
      this.#next === this.#bytes.length;
  }

  /**
   * Reads the next values.
   *
   * @param tables The tables that they were coded with.
   * @param indices The index of each value's table.
   * @param values Receives the values.
   * @param tableOf Gives the index of a value's table, once the values before it
   * are known; by default it is in `indices`.
   * @throws {RangeError} If an index has no table, or the lengths differ.
   */
  decode(
    tables: FrequencyTables,
    indices: Uint16Array,
    values: Int32Array,
    tableOf?: (i: number) => number,
  ): void {
    checkIndices(tables, indices, values);
    const { centres, sizes, starts, cumulative, hints } = tables;
    const bytes = this.#bytes, end = bytes.length;
    let next = this.#next, state = this.#state;
    for (let i = 0; i < indices.length; i++) {
      const table = tableOf === undefined ? indices[i]! : tableOf(i);
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

/** Checks that each index has a table and that the lengths agree. */
function checkIndices(
  { count }: FrequencyTables,
  indices: Uint16Array,
  values: Int32Array,
): void {
  if (indices.length !== values.length) {
    throw new RangeError(
      `There are ${indices.length} tables for ${values.length} values.`,
    );
  }
  for (let i = 0; i < indices.length; i++) {
    if (indices[i]! >= count) {
      throw invalid(`indices[${i}]`, `in 0..${count - 1}`, indices[i]);
    }
  }
}
