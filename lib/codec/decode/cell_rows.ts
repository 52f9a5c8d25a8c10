/**
 * The rows of cells that are still needed while an image is decoded from top to
 * bottom.
 *
 * @module
 */

import type { Region } from "@/codec/format/tiles.ts";

/** Values of the last rows that were put in; older rows are overwritten. */
export class CellRows {
  readonly #rows: number;
  readonly #columns: number;
  readonly #values: Float32Array;
  /** Values of each cell. */
  readonly channels: number;

  /**
   * Allocates all the memory that it will ever need.
   *
   * @param rows Rows of cells that are kept.
   * @param columns Width of the image in cells.
   * @param channels Values of each cell.
   */
  constructor(rows: number, columns: number, channels: number) {
    this.#rows = rows;
    this.#columns = columns;
    this.channels = channels;
    this.#values = new Float32Array(rows * columns * channels);
  }

  /**
   * Puts a tile in.
   *
   * @param tile Its place; at most the rows that are kept.
   * @param values Its values, `[rows, columns, channels]`.
   */
  put({ top, left, rows, columns }: Region, values: Float32Array): void {
    const width = columns * this.channels;
    for (let y = 0; y < rows; y++) {
      const row = values.subarray(y * width, (y + 1) * width);
      this.#values.set(row, this.#place(top + y, left));
    }
  }

  /**
   * Reads values.
   *
   * @param region The cells, of rows that are kept.
   * @returns `[rows, columns, channels]`.
   */
  read({ top, left, rows, columns }: Region): Float32Array<ArrayBuffer> {
    const width = columns * this.channels;
    const values = new Float32Array(rows * width);
    for (let y = 0; y < rows; y++) {
      const from = this.#place(top + y, left);
      values.set(this.#values.subarray(from, from + width), y * width);
    }
    return values;
  }

  #place(row: number, column: number): number {
    return ((row % this.#rows) * this.#columns + column) * this.channels;
  }
}
