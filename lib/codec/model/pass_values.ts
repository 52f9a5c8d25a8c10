/**
 * The values of a pass over a group of channels: what they are predicted as,
 * which ones the encoder chooses, and which superblocks have none. The high
 * frequencies of colour, half of all latents, often have no values at all.
 *
 * @module
 */
import { FrequencyTables } from "@/codec/entropy/frequency_tables.ts";
import { SUPERBLOCK, type Tile } from "@/codec/format/tiles.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import type { CodingPass } from "./channel_groups.ts";
import type { LatentUnits } from "./codec_model.ts";
import type { ToldValue, WantedLatents } from "./coder_options.ts";
import { groupUnits, type GroupValues, superblockOf } from "./group_places.ts";
import {
  codeOne,
  SHARE_UNIT,
  STEP_PARTS,
  tableOf,
  type ValueCoder,
} from "./latent_units.ts";
import { codeMarks, markTables, type SizeMap } from "./size_map.ts";

/** One table, of which 0, 1 and -1 are equally likely. */
export const EXTENT_TABLES: FrequencyTables = new FrequencyTables([
  { centre: 0, frequencies: [21845, 21845, 21845, 1] },
]);

/**
 * Frequencies of superblocks without values, by how many of those to the left
 * and above have none.
 */
export const EMPTY_TABLES: FrequencyTables = markTables([6000, 36000, 60000]);

/**
 * Codes which superblocks have no values in a pass.
 *
 * @param tile The tile; rows and columns are multiples of 8.
 * @param coder Consumes or produces the decisions.
 * @param copied Superblocks that are copied, if there is a frame before.
 * @param wanted Superblocks without values; without it they are decoded.
 * @returns 1 for superblocks whose values are all 0 and not coded, row by row.
 */
export function codeEmpty(
  { rows, columns }: Pick<Tile, "rows" | "columns">,
  coder: ValueCoder,
  copied: Uint8Array | undefined,
  wanted?: Uint8Array,
): Uint8Array {
  const others = wanted?.filter((_, i) => copied?.[i] !== 1);
  const found = !others?.includes(1) ? 0 : others.includes(0) ? -1 : 1;
  const extent = codeOne(coder, EXTENT_TABLES, 0, found);
  if (extent === 0 || extent === 1) {
    return new Uint8Array(rows * columns / SUPERBLOCK ** 2).fill(extent);
  }
  return codeMarks({ rows, columns }, coder, EMPTY_TABLES, {
    wanted,
    kept: copied && { copied, marks: copied },
  });
}

/** What a pass is about. */
export interface PassCells extends Omit<CodingPass, "inputs"> {
  /** Its cells. */
  readonly places: readonly number[];
  /** The kinds of all cells. */
  readonly kinds: Uint8Array;
  /** The units of latents. */
  readonly units: LatentUnits;
}

/**
 * Finds the means of a pass.
 *
 * @param pass The pass.
 * @param said What the frame before says, in 1/16 of a step, `[cells, 48]` in the
 * first layer and `[cells, 192]` in the second; for a frame after another one.
 * @param all The group's values; the means are put there.
 */
export function findMeans(
  { group, places, kinds, units, predicted }: PassCells,
  said: Int16Array | undefined,
  { means }: GroupValues,
): void {
  const { first, size, layer } = group;
  const stride = predicted.length / kinds.length;
  const saidChannels = layer === 1 ? MEDIUM_CHANNELS : CHANNELS;
  const { meanUnits } = groupUnits(units, group);
  for (const cell of places) {
    const from = cell * stride, at = cell * size, kind = kinds[cell]! * size;
    for (let c = 0; c < size; c++) {
      let sum = predicted[from + c]! * meanUnits[kind + c]!;
      if (said !== undefined) {
        sum += predicted[from + 2 * size + c]! / SHARE_UNIT *
          said[cell * saidChannels + first + c]!;
      }
      means[at + c] = Math.floor(sum + 0.5);
    }
  }
}

/**
 * Finds the tables of a pass.
 *
 * @param pass The pass, with cells that are coded.
 * @param all The group's values; the tables are put there.
 */
export function findTables(
  { group: { first, size }, places, kinds, units, predicted }: PassCells,
  { tables }: GroupValues,
): void {
  const stride = predicted.length / kinds.length;
  const { logSteps } = units;
  for (const cell of places) {
    const from = cell * stride + size, at = cell * size;
    const unit = kinds[cell]! * CHANNELS + first;
    for (let c = 0; c < size; c++) {
      tables[at + c] = tableOf(predicted[from + c]! + logSteps[unit + c]!);
    }
  }
}

/** What {@linkcode chooseValues} is given besides the pass. */
export interface ChosenPass {
  /** The group's values; means are known, tables and fine values put there. */
  readonly all: GroupValues;
  /** What is wanted. */
  readonly wanted: WantedLatents;
  /** Of a value's place in `[cells, 192]` and its mean, if it has two parts. */
  readonly told: ((place: number, mean: number) => ToldValue) | undefined;
  /** The tile's blocks. */
  readonly map: SizeMap;
  /** Bits by superblock; those of values that are coded are added. */
  readonly spent: Float64Array;
}

/**
 * Bits that are worth a squared error of one step. At any quality they would be
 * 6 / ln 2, about 8.7; some more keep a detail that is alone in its superblock.
 */
const ERROR_BITS = 15;

/**
 * Chooses the values of a pass.
 *
 * @param pass The pass, with cells that are coded.
 * @param chosen What they are chosen from.
 * @returns 1 for superblocks whose values are all 0, row by row.
 */
export function chooseValues(
  pass: PassCells,
  { all, wanted, told, map, spent }: ChosenPass,
): Uint8Array<ArrayBuffer> {
  const { group: { first, size }, places, units: { greyLevels } } = pass;
  const { coefficients, choose, rate } = wanted;
  const { means, tables, fine } = all;
  findTables(pass, all);
  const gains = new Float64Array(spent.length);
  const costs = new Float64Array(spent.length);
  for (const cell of places) {
    const own = superblockOf(map, cell);
    const from = cell * size, high = cell * CHANNELS + first;
    let gain = 0, cost = 0;
    for (let c = 0; c < size; c++) {
      const mean = means[from + c]!, table = tables[from + c]!;
      const difference = coefficients[high + c]! / greyLevels -
        mean / STEP_PARTS;
      const both = told?.(high + c, mean);
      const value = choose(difference, table, both);
      fine[from + c] = value;
      gain += value * (2 * difference - value);
      cost += rate?.bits(table, value, both) ?? 0;
    }
    gains[own]! += gain;
    costs[own]! += cost;
  }
  const empty = Uint8Array.from(
    gains,
    (gain, i) => ERROR_BITS * gain <= (rate?.weight ?? 0) * costs[i]! ? 1 : 0,
  );
  for (const cell of places) {
    const own = superblockOf(map, cell);
    if (empty[own] === 1) fine.fill(0, cell * size, (cell + 1) * size);
  }
  costs.forEach((bits, i) => spent[i]! += (1 - empty[i]!) * bits);
  return empty;
}
