/**
 * The rows of latents that are still needed while an image is decoded from top
 * to bottom.
 *
 * @module
 */

import type { Region } from "@/codec/format/tiles.ts";

/** Latents of the last rows that were put in; older rows are overwritten. */
export class LatentRows {
  readonly #rows: number;
  readonly #columns: number;
  readonly #units: Float64Array;
  readonly #latents: Int16Array;

  /**
   * Allocates all the memory that it will ever need.
   *
   * @param rows Rows of blocks that are kept.
   * @param columns Width of the image in blocks.
   * @param units Factors that turn latents into standard deviations, one per
   * channel.
   */
  constructor(rows: number, columns: number, units: Float64Array) {
    this.#rows = rows;
    this.#columns = columns;
    this.#units = units;
    this.#latents = new Int16Array(rows * columns * units.length);
  }

  /**
   * Puts a tile in.
   *
   * @param tile Its place; at most the rows that are kept.
   * @param latents Its latents, `[rows, columns, channels]`.
   */
  put({ top, left, rows, columns }: Region, latents: Int16Array): void {
    const width = columns * this.#units.length;
    for (let y = 0; y < rows; y++) {
      const row = latents.subarray(y * width, (y + 1) * width);
      this.#latents.set(row, this.#place(top + y, left));
    }
  }

  /**
   * Reads latents in standard deviations.
   *
   * @param region The blocks, of rows that are kept.
   * @param channels The number of channels, from the first.
   * @returns `[rows, columns, channels]`.
   */
  read(
    { top, left, rows, columns }: Region,
    channels: number,
  ): Float32Array<ArrayBuffer> {
    const [units, latents] = [this.#units, this.#latents];
    const values = new Float32Array(rows * columns * channels);
    let to = 0;
    for (let y = 0; y < rows; y++) {
      let from = this.#place(top + y, left);
      for (let x = 0; x < columns; x++, from += units.length) {
        for (let c = 0; c < channels; c++) {
          values[to++] = latents[from + c]! * units[c]!;
        }
      }
    }
    return values;
  }

  #place(row: number, column: number): number {
    return ((row % this.#rows) * this.#columns + column) * this.#units.length;
  }
}
