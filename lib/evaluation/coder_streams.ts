/**
 * What `deno task bench:coder` codes: random values, as their tables have
 * them, and tables in random order, which is the hardest for a processor.
 *
 * @module
 */
import {
  fitTable,
  type FrequencyTable,
  FrequencyTables,
  gaussianTable,
} from "@/codec/mod.ts";
import { type Random, seededRandom } from "@/datasets/mod.ts";
import { randomInteger } from "@/random/seeded_random.ts";

/** Values with their tables. */
export interface CoderStream {
  /** What it is. */
  readonly name: string;
  /** Tables. */
  readonly tables: FrequencyTables;
  /** The table of each value. */
  readonly indices: Uint16Array;
  /** The values. */
  readonly values: Int32Array;
  /** Bits of a perfect coder that knows the tables. */
  readonly idealBits: number;
}

/**
 * Streams of latents from sure to unsure, of hyper-latents, and of values that
 * all need an escape.
 *
 * @param count Values of each.
 */
export function coderStreams(count: number): CoderStream[] {
  const scales = Array.from({ length: 64 }, (_, index) => gaussianTable(index));
  // Channels of a hyper-latent, each with its own table of its own spread.
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

/** A place that is not the escape, as often as its frequency says. */
function drawPlace(random: Random, frequencies: ArrayLike<number>): number {
  const escape = frequencies[frequencies.length - 1]!;
  let slot = randomInteger(random, 0, 65535 - escape);
  let place = 0;
  while (slot >= frequencies[place]!) slot -= frequencies[place++]!;
  return place;
}

/** Numbers of 16 bits, and no table that lists them. */
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
