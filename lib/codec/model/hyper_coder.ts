/**
 * The hyper-latent: what it is predicted from, and how it is coded.
 *
 * @module
 */

import type { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { HYPER_BLOCKS, type Tile } from "@/codec/format/tiles.ts";
import { PRIOR_INPUTS } from "./codec_settings.ts";
import { SQUARES } from "@/codec/transform/block_sizes.ts";
import { MAX_INPUT } from "./integer_layer.ts";
import {
  clip,
  HYPER_UNIT,
  LEVEL_UNIT,
  tableOf,
  type ValueCoder,
} from "./latent_units.ts";
import { COARSENESS } from "./nested_quantiser.ts";
import type { SizeMap } from "./size_map.ts";

/** The whole number that stands for 1 in the planes of cells. */
export const PLANE_UNIT = 128;

/** The whole number that stands for the coarsest first layer. */
export const COARSENESS_UNIT = 96;

/**
 * What the hyper-latent is predicted from, as whole numbers.
 *
 * @param map The sizes of blocks.
 * @param quality 1..100.
 * @param coarseness Place in `COARSENESS`.
 * @returns `[rows / 4, columns / 4, 6]`.
 */
export function priorInputs(
  map: SizeMap,
  quality: number,
  coarseness: number,
): Float32Array<ArrayBuffer> {
  const shares = map.shares(HYPER_BLOCKS, PLANE_UNIT);
  const sizes = SQUARES.length;
  const level = (quality - 1) * LEVEL_UNIT / 99;
  const coarse = coarseness * COARSENESS_UNIT / (COARSENESS.length - 1);
  return Float32Array.from(
    { length: shares.length / sizes * PRIOR_INPUTS },
    (_, i) => {
      const channel = i % PRIOR_INPUTS;
      if (channel < sizes) {
        return shares[Math.floor(i / PRIOR_INPUTS) * sizes + channel]!;
      }
      return channel === sizes ? level : coarse;
    },
  );
}

/** What the hyper-latent is coded with. */
export interface HyperCoding {
  /** Tables of values. */
  readonly tables: FrequencyTables;
  /** The number of its channels, Z. */
  readonly channels: number;
  /** The hyper-latent to encode; without it values are decoded. */
  readonly wanted: ArrayLike<number> | undefined;
  /** Cells that are copied from the frame before, and its hyper-latent. */
  readonly kept?:
    | { readonly copiedCells: Uint8Array; readonly hyper: Float32Array }
    | undefined;
}

/**
 * Codes the hyper-latent, even places first.
 *
 * @param predict Means and logarithms of scales, `[rows / 4, columns / 4, 2 Z]`,
 * given the hyper-latent of cells that are known, and 0 for others.
 * @param tile The tile.
 * @param coder Consumes or produces the values.
 * @param coding What it is coded with.
 * @returns The hyper-latent as networks see it, `[rows / 4, columns / 4, Z]`.
 */
export async function codeHyper(
  predict: (known: Float32Array) => Promise<ArrayLike<number>>,
  { rows, columns, usedRows, usedColumns }: Tile,
  coder: ValueCoder,
  { tables, channels, wanted, kept }: HyperCoding,
): Promise<Float32Array<ArrayBuffer>> {
  const across = columns / HYPER_BLOCKS;
  const known = new Float32Array(across * rows / HYPER_BLOCKS * channels);
  // Where the mean of a value is among what is predicted.
  const meanAt = (i: number) => i + Math.floor(i / channels) * channels;
  for (const parity of [0, 1]) {
    const predicted = await predict(known);
    const coded: number[] = [];
    for (let i = 0; i < known.length; i++) {
      const place = Math.floor(i / channels);
      const y = Math.floor(place / across), x = place % across;
      if ((y + x) % 2 !== parity) continue;
      const cell = HYPER_BLOCKS * (y * columns + x);
      if (kept?.copiedCells[cell]) known[i] = kept.hyper[i]!;
      else {
        known[i] = predicted[meanAt(i)]!;
        const isUsed = HYPER_BLOCKS * y < usedRows &&
          HYPER_BLOCKS * x < usedColumns;
        if (isUsed) coded.push(i);
      }
    }
    const indices = Uint16Array.from(
      coded,
      (i) => tableOf(predicted[meanAt(i) + channels]!),
    );
    const values = Int32Array.from(
      coded,
      (i) => wanted ? Math.round(wanted[i]! - known[i]! / HYPER_UNIT) : 0,
    );
    coder.code(tables, indices, values);
    coded.forEach((i, at) => known[i]! += HYPER_UNIT * values[at]!);
    known.forEach((value, i) => known[i] = clip(value, MAX_INPUT));
  }
  return known;
}
