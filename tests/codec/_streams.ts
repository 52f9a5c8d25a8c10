/**
 * Random tables and values for tests of the entropy coder.
 *
 * @module
 */
import {
  type FrequencyTable,
  FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import { gaussianScale } from "@/codec/entropy/gaussian_tables.ts";
import { RansDecoder, RansEncoder } from "@/codec/entropy/rans.ts";
import { type Random, randomInteger } from "@/random/seeded_random.ts";
import { assert, assertEquals } from "@std/assert";

/** What is coded. */
export interface Stream {
  /** Tables. */
  readonly tables: FrequencyTables;
  /** The table of each value. */
  readonly indices: Uint16Array;
  /** The values. */
  readonly values: Int32Array;
}

/** Codes. */
export function encode({ tables, indices, values }: Stream): Uint8Array {
  const encoder = new RansEncoder();
  encoder.push(tables, indices, values);
  return encoder.finish();
}

/** Decodes `bytes` with the tables of a stream. */
export function decode(
  bytes: Uint8Array,
  { tables, indices }: Omit<Stream, "values">,
): { values: Int32Array; atEnd: boolean } {
  const values = new Int32Array(indices.length);
  const decoder = new RansDecoder(bytes);
  decoder.decode(tables, indices, values);
  return { values, atEnd: decoder.atEnd };
}

/** Asserts that a stream comes back, and returns its bytes. */
export function assertRoundTrip(stream: Stream): Uint8Array {
  const bytes = encode(stream);
  const { values, atEnd } = decode(bytes, stream);
  assertEquals(values, stream.values);
  assert(atEnd, "the decoder is not at the end");
  return bytes;
}

/** A table of frequencies that differ by orders of magnitude. */
export function randomTable(random: Random, size: number): FrequencyTable {
  const weights = Array.from({ length: size + 1 }, () => random() ** 8);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const frequencies = weights.map((weight) =>
    1 + Math.floor(weight / total * (65536 - size - 1))
  );
  const missing = 65536 - frequencies.reduce((sum, value) => sum + value, 0);
  frequencies[randomInteger(random, 0, size)]! += missing;
  return { centre: randomInteger(random, -300, 300), frequencies };
}

/** A whole number of 32 bits, as often small as large. */
export function randomInt32(random: Random): number {
  const bits = randomInteger(random, 0, 32);
  return Math.floor((random() - 0.5) * 2 ** bits) | 0;
}

/** A value that a table gives with its own frequencies; the escape never. */
export function drawValue(random: Random, table: FrequencyTable): number {
  const { centre, frequencies } = table;
  const size = frequencies.length - 1;
  let slot = randomInteger(random, 0, 65535 - frequencies[size]!);
  let place = 0;
  while (slot >= frequencies[place]!) slot -= frequencies[place++]!;
  return centre + ((place >>> 1) ^ -(place & 1));
}

/** A rounded value of a normal distribution around 0. */
export function drawNormal(random: Random, deviation: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return Math.round(deviation * radius * Math.cos(2 * Math.PI * random()));
}

/** Values of the scales `from` to `to` in no order, as latents have them. */
export function gaussianStream(
  random: Random,
  tables: FrequencyTables,
  count: number,
  from: number,
  to: number,
): Stream {
  const indices = Uint16Array.from(
    { length: count },
    () => randomInteger(random, from, to),
  );
  const values = Int32Array.from(
    indices,
    (index) => drawNormal(random, gaussianScale(index)),
  );
  return { tables, indices, values };
}

/** Bits that a perfect coder needs for a stream without escapes. */
export function idealBits({ tables, indices, values }: Stream): number {
  const { centres, starts, sizes, cumulative } = tables;
  let bits = 0;
  for (let i = 0; i < values.length; i++) {
    const table = indices[i]!;
    const offset = values[i]! - centres[table]!;
    const place = ((offset << 1) ^ (offset >> 31)) >>> 0;
    assert(place < sizes[table]!, `value ${values[i]} needs an escape`);
    const entry = starts[table]! + place;
    bits += 16 - Math.log2(cumulative[entry + 1]! - cumulative[entry]!);
  }
  return bits;
}
