/**
 * How long the entropy coder takes. It codes random values with the
 * probabilities of their tables; the tables come in random order, which is the
 * hardest case for a processor.
 *
 * @module
 */
import {
  type FrequencyTable,
  FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import { gaussianTable } from "@/codec/entropy/gaussian_tables.ts";
import { RansDecoder, RansEncoder } from "@/codec/entropy/rans.ts";
import { fitTable } from "@/codec/training/fit_tables.ts";
import { type Random, seededRandom } from "@/random/seeded_random.ts";
import { randomInteger } from "@/random/seeded_random.ts";

/** Values with their tables. */
export interface CoderStream {
  /** What the values are like. */
  readonly name: string;
  /** All tables. */
  readonly tables: FrequencyTables;
  /** Index of each value's table. */
  readonly indices: Uint16Array;
  /** The values. */
  readonly values: Int32Array;
  /** Bits that a perfect coder with these tables would need. */
  readonly idealBits: number;
}

/** How long a stream takes. */
export interface CoderTiming {
  /** Name of the stream. */
  readonly name: string;
  /** Coded bits per value. */
  readonly bitsPerValue: number;
  /** Bits beyond those of a perfect coder with the same tables, in percent. */
  readonly overheadPercent: number;
  /** Nanoseconds to encode a value, in the fastest round. */
  readonly encodeNs: number;
  /** Nanoseconds to decode a value, in the fastest round. */
  readonly decodeNs: number;
}

/**
 * Draws streams of latents from predictable to unpredictable, of hyper-latents,
 * and of values that all need an escape.
 *
 * @param count Number of values in each stream.
 * @returns Five streams, the same for every call.
 */
export function coderStreams(count: number): CoderStream[] {
  const scales = Array.from({ length: 64 }, (_, index) => gaussianTable(index));
  // Channels of a hyper-latent, each with a table and a spread of its own.
  const channels = Array.from({ length: 48 }, (_, channel) => {
    const spread = 1 + channel / 4;
    const weight = (value: number) => 1 / (1 + (value / spread) ** 4);
    return fitTable(-30, Array.from({ length: 61 }, (_, i) => weight(i - 30)));
  });
  return [
    drawStream("sure latents", scales.slice(0, 16), count),
    drawStream("latents", scales.slice(0, 37), count),
    drawStream("unsure latents", scales.slice(30), count),
    drawStream("hyper-latents", channels, count),
    escapes(count),
  ];
}

function drawStream(
  name: string,
  list: readonly FrequencyTable[],
  count: number,
): CoderStream {
  const random = seededRandom("bench:coder", name);
  const indices = new Uint16Array(count);
  const values = new Int32Array(count);
  let idealBits = 0;
  for (let i = 0; i < count; i++) {
    indices[i] = randomInteger(random, 0, list.length - 1);
    const { centre, frequencies } = list[indices[i]!]!;
    const place = drawPlace(random, frequencies);
    values[i] = centre + ((place >>> 1) ^ -(place & 1));
    idealBits += 16 - Math.log2(frequencies[place]!);
  }
  return {
    name,
    tables: new FrequencyTables(list),
    indices,
    values,
    idealBits,
  };
}

/** Draws a symbol by its frequency, but never the escape. */
function drawPlace(random: Random, frequencies: ArrayLike<number>): number {
  const escape = frequencies[frequencies.length - 1]!;
  let slot = randomInteger(random, 0, 65535 - escape);
  let place = 0;
  while (slot >= frequencies[place]!) slot -= frequencies[place++]!;
  return place;
}

/** Values of 16 bits that no table lists. */
function escapes(count: number): CoderStream {
  const random = seededRandom("bench:coder", "escapes");
  const indices = new Uint16Array(count);
  const values = Int32Array.from(
    indices,
    () => randomInteger(random, -32768, 32767),
  );
  let idealBits = 0;
  for (const value of values) {
    const place = ((value << 1) ^ (value >> 31)) >>> 0;
    idealBits += Math.max(1, 2 * (32 - Math.clz32(place)));
  }
  return {
    name: "escapes alone",
    tables: new FrequencyTables([{ centre: 0, frequencies: [65536] }]),
    indices,
    values,
    idealBits,
  };
}

/** Minimum number of rounds. */
const LEAST_ROUNDS = 5;

/**
 * Times all streams in turns, so that a machine that slows down affects all of
 * them equally. The fastest round counts, since other work on the machine can
 * only add time.
 *
 * @param streams What to code.
 * @param seconds Duration; at least five rounds are run.
 * @returns One timing per stream.
 * @throws {Error} If a stream is not decoded correctly.
 */
export function timeCoder(
  streams: readonly CoderStream[],
  seconds: number,
): CoderTiming[] {
  const runs = streams.map((stream) => {
    once(stream); // compiles
    return {
      stream,
      bytes: 0,
      encodeMs: [] as number[],
      decodeMs: [] as number[],
    };
  });
  const end = performance.now() + 1000 * seconds;
  for (
    let round = 0;
    round < LEAST_ROUNDS || performance.now() < end;
    round++
  ) {
    for (const run of runs) {
      const { bytes, encodeMs, decodeMs } = once(run.stream);
      run.bytes = bytes;
      run.encodeMs.push(encodeMs);
      run.decodeMs.push(decodeMs);
    }
  }
  return runs.map(({ stream, bytes, encodeMs, decodeMs }) => {
    const { name, values, idealBits } = stream;
    const nanoseconds = (ms: number[]) => 1e6 * Math.min(...ms) / values.length;
    return {
      name,
      bitsPerValue: round(8 * bytes / values.length, 4),
      overheadPercent: round(100 * (8 * bytes / idealBits - 1), 4),
      encodeNs: round(nanoseconds(encodeMs), 2),
      decodeNs: round(nanoseconds(decodeMs), 2),
    };
  });
}

function once({ name, tables, indices, values }: CoderStream) {
  const started = performance.now();
  const encoder = new RansEncoder();
  encoder.push(tables, indices, values);
  const bytes = encoder.finish();
  const encoded = performance.now();
  const decoded = new Int32Array(values.length);
  const decoder = new RansDecoder(bytes);
  decoder.decode(tables, indices, decoded);
  const ended = performance.now();
  if (!decoder.atEnd || decoded.some((value, i) => value !== values[i])) {
    throw new Error(`The stream "${name}" is not decoded correctly.`);
  }
  return {
    bytes: bytes.length,
    encodeMs: encoded - started,
    decodeMs: ended - encoded,
  };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
