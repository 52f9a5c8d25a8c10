/**
 * Segments to bytes and back, by the project's own entropy coder. The priors
 * say what is expected; rounded differences from that are coded.
 *
 *     level, 1 byte | global code | local codes 1, 2, …, T     one rANS stream
 *
 * @module
 */
import {
  FREQUENCY_SUM,
  type FrequencyTables,
} from "@/codec/entropy/frequency_tables.ts";
import { RansDecoder, RansEncoder } from "@/codec/entropy/rans.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import type { ExpectedNumbers, SequentialVae } from "@/models/mod.ts";
import { tf, tidyValues } from "@/tensorflow/mod.ts";
import { latentTables, nearestTable } from "./latent_tables.ts";

/** The codes of one segment, rounded; in steps. */
export interface RoundedCodes {
  /** The quality, counted from 0. */
  readonly level: number;
  /** The global code, F numbers; empty where there is none. */
  readonly global: Float64Array;
  /** The local codes, T times K numbers. */
  readonly local: readonly Float64Array[];
}

let tables: FrequencyTables | undefined;

/** Turns the difference from what is expected into a value, or back. */
type CodeValues = (
  tables: Uint16Array<ArrayBuffer>,
  wanted: ArrayLike<number> | undefined,
  mean: Float64Array,
) => Int32Array<ArrayBuffer>;

/**
 * The one walk over the codes of a segment, which both directions take.
 *
 * @param model The network.
 * @param level The quality.
 * @param code Codes the values of one vector.
 * @param wanted The codes before rounding, when encoding.
 */
function walkCodes(
  model: SequentialVae,
  level: number,
  code: CodeValues,
  wanted?: RoundedCodes,
): RoundedCodes {
  const take = (
    { mean, scale }: ExpectedNumbers,
    numbers: ArrayLike<number> | undefined,
  ) => {
    const values = code(Uint16Array.from(scale, nearestTable), numbers, mean);
    return mean.map((value, i) => value + values[i]!);
  };
  const global = model.globalPrior === undefined
    ? new Float64Array()
    : take(model.globalPrior.follow(level)(), wanted?.global);
  const local: Float64Array[] = [];
  const expect = model.localPrior.follow(level);
  for (let t = 0; t < model.shape.frames; t++) {
    local.push(take(expect(local.at(-1)), wanted?.local[t]));
  }
  return { level, global, local };
}

/**
 * Encodes a segment.
 *
 * @param model The network.
 * @param segment `[T, side, side, 3]`, 0..255.
 * @param level The quality, counted from 0.
 * @returns The bytes, and the codes that they stand for.
 */
export function encodeSegment(
  model: SequentialVae,
  segment: Uint8Array,
  level: number,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly codes: RoundedCodes } {
  const means = analyse(model, segment, level);
  const encoder = new RansEncoder();
  const used = tables ??= latentTables();
  const codes = walkCodes(
    model,
    level,
    (indices, wanted, mean) => {
      const values = Int32Array.from(
        mean,
        (value, i) => Math.round(wanted![i]! - value),
      );
      encoder.push(used, indices, values);
      return values;
    },
    means,
  );
  const stream = encoder.finish();
  const bytes = new Uint8Array(1 + stream.length);
  bytes[0] = level;
  bytes.set(stream, 1);
  return { bytes, codes };
}

/**
 * Decodes the codes of a segment.
 *
 * @param model The network that encoded it.
 * @param bytes From {@linkcode encodeSegment}.
 * @returns The codes.
 * @throws {CodecError} If the bytes are not those of a segment.
 */
export function decodeCodes(
  model: SequentialVae,
  bytes: Uint8Array,
): RoundedCodes {
  const level = bytes[0] ?? Infinity;
  if (level >= model.shape.levels) {
    throw new CodecError("damaged", "The segment has no known quality.");
  }
  const decoder = new RansDecoder(bytes.subarray(1));
  const used = tables ??= latentTables();
  const codes = walkCodes(model, level, (indices) => {
    const values = new Int32Array(indices.length);
    decoder.decode(used, indices, values);
    return values;
  });
  if (decoder.atEnd) return codes;
  throw new CodecError("damaged", "The segment's bytes are damaged.");
}

/**
 * Makes the frames of a segment.
 *
 * @param model The network that encoded it.
 * @param codes From {@linkcode decodeCodes}.
 * @returns `[T, side, side, 3]`, 0..255.
 */
export function synthesise(
  model: SequentialVae,
  { level, global, local }: RoundedCodes,
): Uint8Array {
  const { frames, localSize, globalSize, levels } = model.shape;
  const values = tidyValues(() => {
    const codes = {
      local: tf.tensor3d(
        Float32Array.from(local.flatMap((code) => [...code])),
        [1, frames, localSize],
      ),
      global: globalSize === 0
        ? undefined
        : tf.tensor2d(Float32Array.from(global), [1, globalSize]),
    };
    return model.decode(codes, oneHot([level], levels)).clipByValue(0, 1)
      .mul(255).round();
  });
  return Uint8Array.from(values);
}

/** The means of a segment's codes. */
function analyse(
  model: SequentialVae,
  segment: Uint8Array,
  level: number,
): RoundedCodes {
  const { side, frames, localSize, levels } = model.shape;
  const { local, global } = tf.tidy(() => {
    const images = tf.tensor5d(
      Float32Array.from(segment, (value) => value / 255),
      [1, frames, side, side, 3],
    );
    const codes = model.encode(images, oneHot([level], levels));
    return {
      local: codes.local.dataSync() as Float32Array,
      global: codes.global?.dataSync() as Float32Array ?? new Float32Array(),
    };
  });
  return {
    level,
    global: Float64Array.from(global),
    local: Array.from(
      { length: frames },
      (_, t) =>
        Float64Array.from(local.subarray(t * localSize, (t + 1) * localSize)),
    ),
  };
}

/**
 * Qualities as a network takes them.
 *
 * @param indices Counted from 0.
 * @param levels How many there are.
 * @returns `[indices.length, levels]`.
 */
export function oneHot(
  indices: readonly number[],
  levels: number,
): tf.Tensor2D {
  return tf.tensor2d(
    indices.map((index) =>
      Array.from({ length: levels }, (_, i) => i === index ? 1 : 0)
    ),
  );
}

/**
 * What the global code costs, by its prior.
 *
 * @param model The network.
 * @param codes The codes of a segment.
 * @returns Bits; 0 where there is no global code.
 */
export function globalBits(
  { globalPrior }: SequentialVae,
  { level, global }: RoundedCodes,
): number {
  if (globalPrior === undefined) return 0;
  const used = tables ??= latentTables();
  const { mean, scale } = globalPrior.follow(level)();
  return global.reduce((sum, value, i) => {
    const table = nearestTable(scale[i]!);
    const error = Math.round(value - mean[i]!);
    const place = error < 0 ? -2 * error - 1 : 2 * error;
    const at = used.starts[table]! + Math.min(place, used.sizes[table]!);
    const frequency = used.cumulative[at + 1]! - used.cumulative[at]!;
    return sum + Math.log2(FREQUENCY_SUM / frequency);
  }, 0);
}
