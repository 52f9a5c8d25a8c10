/**
 * What `LatentCoder` is given.
 *
 * @module
 */
import type { Tile } from "@/codec/format/tiles.ts";
import type { NestedTables } from "@/codec/entropy/nested_tables.ts";
import type { TileState, WantedBefore } from "./before_coder.ts";
import type { Pauses } from "./pauses.ts";

/** What is known when the refinement of a value is coded. */
export interface ToldValue {
  /** The tables of coarse values and refinements. */
  readonly nested: NestedTables;
  /** Fine values in a coarse one. */
  readonly cells: number;
  /** What the frame before says minus the mean, in 1/16 of a step. */
  readonly offset: number;
}

/**
 * Chooses the value that is coded for a latent; the decoder adds the mean to
 * it again.
 *
 * @param difference The latent minus its mean, in steps.
 * @param table The table of the value.
 * @param told Given if the value is coded in two parts, of which the second one
 * depends on it.
 * @returns A whole number.
 */
export type ValueChooser = (
  difference: number,
  table: number,
  told?: ToldValue,
) => number;

/** Values that follow the trellis, in the order of coding. */
export interface PathValues {
  /** Latents minus their means, in steps. */
  readonly differences: ArrayLike<number>;
  /** The scale of each. */
  readonly scales: ArrayLike<number>;
  /** Fine cells in a coarse one. */
  readonly cells: number;
  /** Their tables, if there are several. */
  readonly nested: NestedTables | undefined;
  /** The state before the first value. */
  readonly state: number;
}

/**
 * Chooses the values that are coded along the trellis.
 *
 * @param values What they should be.
 * @returns Multiples of the fine step, and the state after the last one.
 */
export type PathChooser = (values: PathValues) => {
  readonly multiples: ArrayLike<number>;
  readonly state: number;
};

/** What the encoder wants to code. */
export interface WantedLatents {
  /** The place of each cell's block in `BLOCK_SIZES`, `[rows, columns]`. */
  readonly sizes: ArrayLike<number>;
  /** The hyper-latent, `[rows / 4, columns / 4, Z]`. */
  readonly hyper: ArrayLike<number>;
  /** The coefficients in grey levels, `[rows, columns, 192]`. */
  readonly coefficients: ArrayLike<number>;
  /** How values are chosen. */
  readonly choose: ValueChooser;
  /** How those that follow the trellis are. */
  readonly path: PathChooser;
  /** What is taken from the frame before, if there is one. */
  readonly before?: WantedBefore;
  /**
   * What values cost. It decides which superblocks have none, and is summed up
   * in {@linkcode LatentCoder.spent}.
   */
  readonly rate?: {
    /**
     * Bits of a value.
     *
     * @param table Its table.
     * @param value The value.
     * @param told As for `choose`.
     */
    bits(table: number, value: number, told?: ToldValue): number;
    /** The weight of bits, relative to training. */
    readonly weight: number;
  };
}

/** Options of {@linkcode LatentCoder}. */
export interface LatentCoderOptions {
  /** The tile; rows and columns are multiples of 8. */
  readonly tile: Tile;
  /** 1..100. */
  readonly quality: number;
  /** Place in `COARSENESS`. */
  readonly coarseness: number;
  /** Layers that are coded: 0 codes the start only. */
  readonly layers: 0 | 1 | 2;
  /** The frame before, if the tile is predicted from it. */
  readonly before?: TileState | undefined;
  /** What to encode; without it values are decoded. */
  readonly wanted?: WantedLatents;
  /** Made before each pass over a group of channels. */
  readonly pauses?: Pauses;
}
