/**
 * How long the entropy coder takes.
 *
 * @module
 */
import { RansDecoder, RansEncoder } from "@/codec/mod.ts";
import type { CoderStream } from "./coder_streams.ts";

/** A stream's timing. */
export interface CoderTiming {
  /** The stream. */
  readonly name: string;
  /** Bits of a value, as it was coded. */
  readonly bitsPerValue: number;
  /** Percent of bits over those of a perfect coder with the same tables. */
  readonly overheadPercent: number;
  /** Nanoseconds of a value in the fastest round. */
  readonly encodeNs: number;
  /** Nanoseconds of a value in the fastest round. */
  readonly decodeNs: number;
}

/** Rounds that are run even when time is up. */
const LEAST_ROUNDS = 5;

/**
 * Times all streams, in turns, so that a machine that slows down slows all
 * alike. The fastest round counts, as other work on the machine only adds.
 *
 * @param seconds How long.
 * @throws {Error} If a stream does not come back.
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
    throw new Error(`The stream of ${name} does not come back.`);
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
