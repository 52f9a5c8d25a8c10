/**
 * What `LatentCoder` is given.
 *
 * @module
 */
import type { Tile } from "@/codec/format/tiles.ts";
import type { TileState, WantedBefore } from "./before_coder.ts";
import type { Pauses } from "./pauses.ts";

/**
 * Chooses the value that is coded for a latent; the decoder adds the mean to
 * it again.
 *
 * @param difference The latent minus its mean, in steps.
 * @param table The table of the value.
 * @returns A whole number.
 */
export type ValueChooser = (
  difference: number,
  table: number,
) => number;

/** What the encoder wants to code. */
export interface WantedLatents {
  /** The place of each cell's block in `BLOCK_CELLS`, `[rows, columns]`. */
  readonly sizes: ArrayLike<number>;
  /** The hyper-latent, `[rows / 4, columns / 4, Z]`. */
  readonly hyper: ArrayLike<number>;
  /** The coefficients in grey levels, `[rows, columns, 192]`. */
  readonly coefficients: ArrayLike<number>;
  /** How values are chosen. */
  readonly choose: ValueChooser;
  /** What is taken from the frame before, if there is one. */
  readonly before?: WantedBefore;
  /**
   * Bits of a value, for {@linkcode LatentCoder.spent}.
   *
   * @param table Its table.
   * @param value The value.
   */
  readonly bits?: (table: number, value: number) => number;
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
