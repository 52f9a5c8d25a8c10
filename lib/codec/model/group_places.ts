/**
 * The cells and units of a group of channels while it is coded.
 *
 * @module
 */
import { powerOf } from "@/codec/entropy/log_steps.ts";
import { FINE_STEP } from "@/codec/entropy/trellis.ts";
import { SUPERBLOCK } from "@/codec/format/tiles.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import type { ChannelGroup, Parity } from "./channel_groups.ts";
import type { LatentUnits } from "./codec_model.ts";
import { LATENT_UNIT, MEAN_UNIT, STEP_PARTS } from "./latent_units.ts";
import { COARSE_OFFSET } from "./nested_quantiser.ts";
import type { SizeMap } from "./size_map.ts";

/** The values of a group, `[rows, columns, size]`. */
export interface GroupValues {
  /** Means in 1/16 of a step. */
  readonly means: Int32Array;
  /** Scales, where values are coded. */
  readonly tables: Uint16Array;
  /** Coarse values of a group that is refined. */
  readonly coarse: Int32Array;
  /**
   * When encoding, fine values, and of those that follow the trellis the
   * multiples.
   */
  readonly fine: Int32Array;
  /** What is added to means, in 1/16 of a step. */
  readonly points: Int32Array;
  /** The cells whose values are coded, in the order of coding. */
  readonly coded: number[];
  /** The state of the trellis. */
  state: number;
  /** When encoding: the state after the values that were chosen. */
  chosenState: number;
}

/**
 * Makes room for the values of a group.
 *
 * @param count Number of values.
 * @returns All 0.
 */
export function blankValues(count: number): GroupValues {
  return {
    means: new Int32Array(count),
    tables: new Uint16Array(count),
    coarse: new Int32Array(count),
    fine: new Int32Array(count),
    points: new Int32Array(count),
    coded: [],
    state: 0,
    chosenState: 0,
  };
}

/**
 * Visits the values of some cells.
 *
 * @param cells Indices of cells.
 * @param size Channels of the group.
 * @param visit Called with a value's place in `[rows, columns, size]`, its place
 * among those that are visited, its cell and its channel.
 */
export function eachValue(
  cells: Iterable<number>,
  size: number,
  visit: (place: number, at: number, cell: number, c: number) => void,
): void {
  let at = 0;
  for (const cell of cells) {
    for (let c = 0; c < size; c++) visit(cell * size + c, at++, cell, c);
  }
}

/**
 * Copies the latents of the medium frame.
 *
 * @param latents Those of the high one, `[cells, 192]`.
 * @returns `[cells, 48]`.
 */
export function mediumLatents(latents: Int16Array): Int16Array<ArrayBuffer> {
  const cells = latents.length / CHANNELS;
  const medium = new Int16Array(cells * MEDIUM_CHANNELS);
  for (let cell = 0; cell < cells; cell++) {
    const from = cell * CHANNELS;
    medium.set(
      latents.subarray(from, from + MEDIUM_CHANNELS),
      cell * MEDIUM_CHANNELS,
    );
  }
  return medium;
}

/**
 * Units of a group's means and inputs, by kind of cell and channel.
 *
 * @param units Of the quality.
 * @param group The group.
 * @returns Both `[15, size]`.
 */
export function groupUnits(
  { logSteps }: LatentUnits,
  { first, size }: ChannelGroup,
): Readonly<Record<"meanUnits" | "inputUnits", Float64Array>> {
  const kinds = logSteps.length / CHANNELS;
  const per = (unit: (log: number) => number) =>
    Float64Array.from({ length: kinds * size }, (_, i) => {
      const kind = Math.floor(i / size) * CHANNELS;
      return unit(logSteps[kind + first + i % size]!);
    });
  return {
    meanUnits: per((log) => powerOf(log) * STEP_PARTS / MEAN_UNIT),
    inputUnits: per((log) => powerOf(-log) * LATENT_UNIT / STEP_PARTS),
  };
}

/**
 * The cells of a pass.
 *
 * @param map The tile's blocks.
 * @param parity Which cells.
 * @returns Indices of cells, row by row.
 */
export function placesOf(
  { columns, coded }: SizeMap,
  parity: Parity,
): number[] {
  const places: number[] = [];
  for (let cell = 0; cell < coded.length; cell++) {
    const isOdd = (Math.floor(cell / columns) + cell % columns) % 2 === 1;
    if (parity === "all" || isOdd === (parity === "odd")) places.push(cell);
  }
  return places;
}

/**
 * The superblock of a cell.
 *
 * @param map The tile's blocks.
 * @param cell Index of the cell.
 * @returns Index of the superblock, row by row.
 */
export function superblockOf(
  { columns }: Pick<SizeMap, "columns">,
  cell: number,
): number {
  const row = Math.floor(cell / columns / SUPERBLOCK) * columns / SUPERBLOCK;
  return row + Math.floor(cell % columns / SUPERBLOCK);
}

/**
 * Where a coarse value lies.
 *
 * @param value The coarse value.
 * @param cells Fine cells in a coarse one.
 * @param isPath Whether fine values follow the trellis.
 * @returns In 1/16 of a step from the mean.
 */
export function pointOf(
  value: number,
  cells: number,
  isPath: boolean,
): number {
  const step = isPath ? FINE_STEP : STEP_PARTS;
  const middle = Math.floor(step * (cells - 1) * COARSE_OFFSET / STEP_PARTS);
  return step * cells * value + Math.sign(value) * middle;
}
